"""Wonde: one way to the MISs of many vendors."""
