"""Brings rows in, compares them with what is held, and quarantines what cannot be read."""
