"""Registers taken in time and marks that say what they should."""
