"""What the LA was told of a pupil, return by return: so that an episode is told as often as it wants, and no more."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from mbls_sync.api import History

TOLD, TAKEN_BACK = "return-line-sent", "return-line-retracted"


@dataclass(frozen=True, slots=True)
class Told:
    """One line that was sent: of which return and period, on which day, about which span."""

    name: str
    period: str
    on: date
    first: date
    last: date


def told(history: History, name: str) -> Iterator[Told]:
    """Each line of the return called `name` that was sent about the pupil and not taken back, in order of time."""
    back = {event.ref for event in history.events_of(TAKEN_BACK)}
    yield from (line for ref, line in _sent(history, name) if ref not in back)


def taken_back(history: History, name: str) -> Iterator[Told]:
    """Each line of the return called `name` that was sent and taken back, once; `on` is the day it was taken back."""
    sent = dict(_sent(history, name))
    days = {event.ref: event.at.astimezone(history.calendar.zone).date() for event in history.events_of(TAKEN_BACK)}
    yield from (replace(sent[ref], on=days[ref]) for ref in days if ref in sent)


def _sent(history: History, name: str) -> Iterator[tuple[str, Told]]:
    for event in history.events_of(TOLD):
        returned, _, period = event.ref.partition(" ")
        first, dots, last = event.outcome.partition("..")
        if returned == name and dots:
            on = event.at.astimezone(history.calendar.zone).date()
            yield event.ref, Told(name, period, on, date.fromisoformat(first), date.fromisoformat(last))


def was_told(history: History, name: str, first: date, last: date) -> bool:
    """Whether the LA was told of an episode that shares a day with `first` to `last`.

    By its days and not by its first mark: amended marks move where an episode begins and do not make it another.
    """
    return any(line.first <= last and first <= line.last for line in told(history, name))


def said_by_hand(history: History, kind: str, first: date) -> bool:
    """Whether somebody recorded, since the episode began, that the LA was told of it by another way."""
    zone = history.calendar.zone
    return any(event.at.astimezone(zone).date() >= first for event in history.events_of(kind))
