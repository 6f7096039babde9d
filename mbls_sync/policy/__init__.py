"""Dated values with their citations: parameters, codes, calendars and the list of what is covered."""
