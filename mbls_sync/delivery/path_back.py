"""A pupil's path back in words that an officer can say to a parent."""

from __future__ import annotations

from collections.abc import Iterator

from mbls_sync.figures.history import History
from mbls_sync.figures.path_back import Line, PathBack
from mbls_sync.figures.percentages import shown
from mbls_sync.policy.view import PolicyAt

TARGET = "stage.target_percent"
BOUNDARIES = ("stage.support_percent", "stage.review_percent")
"""Levels at which a further step is taken: a year ends well above them, and at the target or above it."""


def lines_of(policy: PolicyAt) -> tuple[Line, ...]:
    """The percentages that matter to a family, highest first; those without a value in force are left out."""
    found = [(policy.percent(TARGET), False)] if policy.is_in_force(TARGET) else []
    return (*found, *((policy.percent(name), True) for name in BOUNDARIES if policy.is_in_force(name)))


def path_words(history: History, policy: PolicyAt) -> tuple[str, ...]:
    """The path back of one pupil, a sentence each; nothing where the school year has no session left."""
    return tuple(_words(history.path_back(lines_of(policy))))


def _words(path: PathBack) -> Iterator[str]:
    if not path.left:
        return
    yield f"At best {shown(path.best)}% this year ({path.left} {'session' if path.left == 1 else 'sessions'} left)."
    within = [_line(line, count) for line, count in path.may_miss if count is not None]
    if within:
        yield f"Sessions that may still be missed: {', '.join(within)}."
    beyond = [f"{line[0]}%" for line, count in path.may_miss if count is None]
    if beyond:
        yield f"Out of reach this year: {', '.join(beyond)}."
    if path.leaves is not None:
        yield f"Persistent absence ends on {path.leaves.day} {path.leaves:%B %Y} at the earliest."
    elif path.is_persistent:
        yield "Persistent absence can no longer end this school year."


def _line(line: Line, count: int) -> str:
    percent, must_pass = line
    return f"{count or 'none'} to end {'above' if must_pass else 'at'} {percent}%"
