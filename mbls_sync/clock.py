"""The only place that asks what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in UTC. Tests hand in their own."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
