"""What the office has tried to reach home, and what came of it."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from mbls_sync.api import Event, History, PolicyAt

ATTEMPTS = ("call-home", "call-others", "visit-warning", "home-visit")
"""The kinds of event that are an attempt to reach home."""


class Heard(StrEnum):
    """What an attempt came to. `ALARM`: home did not know that the pupil is away."""

    REACHED = "reached"
    COMING = "coming"
    ALARM = "alarm"
    SILENT = "silent"


def attempts_on(history: History, day: date, *kinds: str) -> tuple[Event, ...]:
    """The attempts of one day, in order; all kinds where none is named."""
    zone = history.calendar.zone
    return tuple(e for e in history.events_of(*(kinds or ATTEMPTS)) if e.at.astimezone(zone).date() == day)


def meaning_of(event: Event, policy: PolicyAt) -> Heard:
    """What an attempt came to: the longest outcome of the table that stands in its words.

    Words that the table does not know count as silence: a further call is better than a missed one.
    """
    said = _plain(event.outcome)
    known = policy.table("contact.outcomes")
    found = [outcome for outcome in known if _plain(outcome) in said]
    return Heard(known[max(found, key=len)]) if found else Heard.SILENT


def outcomes(policy: PolicyAt) -> tuple[str, ...]:
    """What a person may choose from when they record an attempt."""
    return tuple(policy.table("contact.outcomes"))


def has_heard(history: History, day: date, policy: PolicyAt) -> bool:
    """Whether home was reached on `day`."""
    return any(meaning_of(e, policy) in (Heard.REACHED, Heard.COMING) for e in attempts_on(history, day))


def has_word(history: History, day: date, policy: PolicyAt, now: datetime) -> bool:
    """As `has_heard`, at `now`: a pupil said to be on the way is waited for only so long."""
    waited = now - timedelta(minutes=policy.count("contact.coming_minutes"))
    heard = ((e.at, meaning_of(e, policy)) for e in attempts_on(history, day))
    return any(word is Heard.REACHED or (word is Heard.COMING and at > waited) for at, word in heard)


def is_silent(event: Event, policy: PolicyAt) -> bool:
    """Whether an attempt leaves it open where the pupil is: no answer, or a promise that was not kept."""
    return meaning_of(event, policy) in (Heard.SILENT, Heard.COMING)


def is_alarmed(history: History, day: date, policy: PolicyAt) -> bool:
    """Whether the latest word of `day` is that home did not know of the absence."""
    tried = attempts_on(history, day)
    return bool(tried) and meaning_of(tried[-1], policy) is Heard.ALARM


def _plain(text: str) -> str:
    return " ".join("".join(ch if ch.isalnum() else " " for ch in text.casefold()).split())
