"""Enough adults and numbers to call."""
