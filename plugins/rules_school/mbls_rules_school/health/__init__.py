"""Long illness."""
