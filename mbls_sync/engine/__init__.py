"""Judges, resolves and reconciles. Pure: no I/O, no clock, no log."""
