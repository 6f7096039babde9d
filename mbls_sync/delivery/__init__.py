"""Carries decisions out: marks, tasks, returns, packets."""
