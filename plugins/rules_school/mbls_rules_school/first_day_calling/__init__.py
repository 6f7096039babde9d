"""Absences that nobody has explained: calling, escalating, visiting, settling."""
