"""The words of attendance as frozen values. Standard library only."""
