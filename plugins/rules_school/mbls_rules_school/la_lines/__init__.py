"""What the LA is told."""
