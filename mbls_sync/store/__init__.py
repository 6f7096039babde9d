"""Keeps registers, ledger, inputs and outbox in SQLite or PostgreSQL."""
