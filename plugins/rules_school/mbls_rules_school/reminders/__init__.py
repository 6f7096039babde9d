"""The duties that only a person can do, asked for by their clocks."""
