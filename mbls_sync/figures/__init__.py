"""The arithmetic of attendance, in numpy over register pages."""
