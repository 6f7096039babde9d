"""Praise for attendance."""
