"""What the local authority receives, one return a module."""
