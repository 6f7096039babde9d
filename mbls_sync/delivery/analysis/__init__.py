"""Analysis packs: what the marks of a half-term or term show, for the staff and for the governors."""
