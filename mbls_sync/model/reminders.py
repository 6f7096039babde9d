"""A duty that only a person can do: who is to do it, when it is asked for, and what records it as done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

ENTRY = "entry"
"""What `on` says of a pupil's entry; any other word is a kind of event."""


class Every(StrEnum):
    """A span of the school's calendar; the duty is asked for once in each."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    HALF_TERM = "half-term"
    TERM = "term"
    YEAR = "year"


class About(StrEnum):
    """Whom a reminder is about: the school, each pupil it holds for, or each open case."""

    SCHOOL = "school"
    PUPILS = "pupils"
    CASES = "cases"


class Card(StrEnum):
    """How it is asked: one card with a line a pupil, or a card for each pupil."""

    ONE = "one"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One row of the table of reminders, as it is in force on a day.

    Either `every` names a span, or `on` what sets it off: a pupil's entry, or a kind of event, `outcome` being words
    that the event's outcome must hold. `due` counts school days: of the span, 1 its first and None its last; after
    the event, 0 the same day. `ahead`: not asked earlier than so many school days before it is due. `only` are
    flags of which a pupil must have one. `role` is the name of a parameter of roles.
    """

    id: str
    duty: str
    title: str
    why: str
    role: str
    done_as: str
    cites: str
    every: Every | None = None
    on: str = ""
    outcome: str = ""
    about: About = About.SCHOOL
    card: Card = Card.ONE
    only: tuple[str, ...] = ()
    due: int | None = None
    ahead: int | None = None
    rank: str = "clock"
    steps: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()

    @classmethod
    def of(cls, pairs: tuple[tuple[str, str], ...]) -> Reminder:
        """The row that such pairs of text spell. Raises ValueError, or TypeError, where they spell none."""
        many = lambda text: tuple(text.splitlines())  # noqa: E731 - one use
        read: dict[str, Callable[[str], Any]] = {
            **{"every": Every, "about": About, "card": Card, "due": int, "ahead": int},
            **{"only": many, "steps": many, "outcomes": many},
        }
        given: dict[str, Any] = {name: read.get(name, str)(text) for name, text in pairs}
        return cls(**given)

    @property
    def clock(self) -> str:
        """When it is asked for, in words: `every term`, or `on barrier-in-school`."""
        return f"every {self.every}" if self.every else f"on {self.on}"


FIELDS = tuple(field.name for field in fields(Reminder))
"""What a row may say."""
