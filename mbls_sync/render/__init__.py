"""Turns frozen tables and sections into bytes."""
