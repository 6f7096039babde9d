"""Support in stages, each with its clock, from the first letter to the end of a case."""
