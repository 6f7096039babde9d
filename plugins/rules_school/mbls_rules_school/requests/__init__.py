"""Requests for leave, laid before the head with what bears on them."""
