"""Finds, checks and binds plugins."""
