"""What the caller needs beside the telephone: whom to ring, what happened last time, the last ten sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from mbls_sync.delivery.desk import Desk
from mbls_sync.model.codes import NO_MARK
from mbls_sync.model.happenings import Event
from mbls_sync.model.pupils import Contact, Pupil
from mbls_sync.model.sessions import Session

LAST_SESSIONS = 10
"""A school week of marks, which say more to a caller than a percentage."""

SAID_AT_MOST = 200
"""How much of what somebody wrote about a step a card shows, in characters; the event keeps all of it."""

LAST_STEPS = 3
"""How many of the case's latest events a card shows."""


@dataclass(frozen=True, slots=True)
class ContactLine:
    """An adult to call: in which order, who, on which numbers, and what happened last time, where recorded."""

    order: int
    name: str
    relationship: str
    numbers: tuple[tuple[str, str], ...]
    email: str
    last_time: str


@dataclass(frozen=True, slots=True)
class MarkCell:
    """One of the last ten sessions: `title` says in words what `code` is."""

    session: Session
    code: str
    title: str


def contact_lines(pupils: Sequence[Pupil], desk: Desk) -> tuple[ContactLine, ...]:
    """The adults of these pupils in order of priority, each once, whoever's contact they are."""
    found: dict[tuple[str, str], tuple[int, Contact]] = {}
    for pupil in pupils:
        for contact in pupil.contacts:
            key = (contact.name.casefold().strip(), contact.mobile or contact.home_phone or contact.email)
            if key not in found or contact.priority < found[key][0]:
                found[key] = (contact.priority, contact)
    events = [event for pupil in pupils for event in _events(pupil, desk)]
    ordered = sorted(found.values(), key=lambda pair: (pair[0], pair[1].name))
    return tuple(_line(place, contact, events, desk) for place, (_, contact) in enumerate(ordered, start=1))


def flag_words(pupil: Pupil, day: date) -> tuple[str, ...]:
    """What concerns the pupil's safety, and the flags that the school set in the MIS, in plain words."""
    known = (
        (pupil.child_protection, "child protection plan"),
        (pupil.child_in_need, "child in need, has a social worker"),
        (pupil.looked_after, "looked after by the LA"),
    )
    words = [text for holds, text in known if holds]
    named = (flag.name for flag in pupil.flags if flag.covers(day))
    return tuple(dict.fromkeys([*words, *named]))


def need_words(pupil: Pupil) -> tuple[str, ...]:
    """What is good to know before calling, in plain words."""
    has_sen = bool(pupil.sen_status) and pupil.sen_status.casefold() not in ("n", "none", "no")
    known = (
        (pupil.education_health_care_plan, "education, health and care plan"),
        (has_sen and not pupil.education_health_care_plan, "special educational needs"),
        (pupil.young_carer, "young carer"),
        (pupil.english_additional_language, "English is an additional language"),
    )
    return tuple(text for holds, text in known if holds)


def last_marks(pupil: Pupil, desk: Desk) -> tuple[MarkCell, ...]:
    """The pupil's last ten sessions, oldest first; a session without a mark says so."""
    history = desk.histories.get(pupil.id)
    if history is None:
        return ()
    return tuple(
        MarkCell(session, code, desk.codes.title(code, session.day) if code != NO_MARK else "no mark")
        for session, code in history.recent(LAST_SESSIONS)
    )


def last_steps(pupil: Pupil, desk: Desk) -> tuple[str, ...]:
    """The latest events of the pupil's case, newest first, each in one line."""
    return tuple(_words(event, desk) for event in reversed(_events(pupil, desk)[-LAST_STEPS:]))


def _events(pupil: Pupil, desk: Desk) -> tuple[Event, ...]:
    history = desk.histories.get(pupil.id)
    return history.events if history is not None else ()


def _line(place: int, contact: Contact, events: Sequence[Event], desk: Desk) -> ContactLine:
    numbers = (("mobile", contact.mobile), ("home", contact.home_phone))
    # Events name no contact of their own; who was spoken to stands in the words that the caller recorded.
    name = contact.name.casefold()
    about = [e for e in events if name and name in f"{e.outcome} {e.note}".casefold()]
    last = max(about, key=lambda event: event.at, default=None)
    return ContactLine(
        order=place,
        name=contact.name,
        relationship=contact.relationship,
        numbers=tuple((label, number) for label, number in numbers if number),
        email=contact.email,
        last_time=_words(last, desk) if last else "",
    )


def _words(event: Event, desk: Desk) -> str:
    at = event.at.astimezone(desk.now.tzinfo)
    # Last year's 25 November would read as next week's on the 17th.
    year = f" {at.year}" if at.year != desk.now.year else ""
    kind = event.kind.replace("-", " ").replace("ewo ", "EWO ")
    # `support letter sent, sent` says it twice.
    outcome = "" if kind.endswith(event.outcome.casefold().strip()) else event.outcome
    parts = [kind, *(shorten(text, SAID_AT_MOST, placeholder=" …") for text in (outcome, event.note))]
    return f"{at:%a} {at.day} {at:%b}{year} {at:%H:%M}: " + ", ".join(part for part in parts if part)
