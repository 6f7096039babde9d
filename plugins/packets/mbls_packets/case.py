"""What a packet takes out of a case: which steps were support, which were warnings, and what was missed when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from mbls_sync.api import (
    Contact,
    Event,
    Evidence,
    LeaveRequest,
    MarkLine,
    PolicyAt,
    RequestKind,
    TableSection,
    kind_told,
    of_this_case,
)

HOLIDAY = "G"
"""The national code for a holiday without leave (2024 Regulations, regulation 10, Table 3)."""

SUPPORT_ENDS = ("letter-sent", "-invited", "-held")
SUPPORT_BEGINS = ("support-", "early-help", "home-visit", "pastoral", "plan-", "adjustments-")
WARNINGS = (
    "penalty-warning-sent",
    "notice-to-improve-sent",
    "parents-told",
    "punctuality-letter-sent",
)
LEAVE_DECIDED = ("leave-granted", "leave-refused", "leave-decided")
"""The kinds of events by which the head decides a request; the outcome of the last says which way."""


APART = (RequestKind.APPOINTMENT, RequestKind.LUNCH)
"""Requests that are none for leave of absence: each is decided in its own way."""


def requests_for_leave(evidence: Evidence, policy: PolicyAt) -> tuple[LeaveRequest, ...]:
    """The requests that ask for leave of absence, and those that do not say what they ask for."""
    return tuple(request for request in evidence.requests if kind_told(request, policy) not in APART)


def said_kind(request: LeaveRequest, policy: PolicyAt) -> str:
    """What kind of request it is, and by what that is told."""
    told = kind_told(request, policy)
    if told is None:
        return "not said: taken for leave"
    return str(told) if request.kind is not None else f"{told}, by its words"


def support(evidence: Evidence) -> tuple[Event, ...]:
    """The steps of this case by which the school offered help, oldest first."""
    return tuple(
        event
        for event in of_this_case(evidence.events)
        if event.kind not in WARNINGS and (event.kind.endswith(SUPPORT_ENDS) or event.kind.startswith(SUPPORT_BEGINS))
    )


def warnings(evidence: Evidence) -> tuple[Event, ...]:
    """What told the parents that absence may have consequences."""
    return tuple(event for event in evidence.events if event.kind in WARNINGS or is_refusal(event))


def is_refusal(event: Event) -> bool:
    """Whether an event says that the head refused leave."""
    decided = event.kind == "leave-decided" and event.outcome.strip().casefold() == "refused"
    return decided or event.kind == "leave-refused"


def is_only_holiday(marks: Iterable[MarkLine]) -> bool:
    """Whether all that counts is holiday without leave, for which no support is asked beforehand."""
    return {mark.code for mark in marks} == {HOLIDAY}


def responsible(evidence: Evidence) -> tuple[Contact, ...]:
    """The adults whom the MIS does not say to be without parental responsibility, in the school's order."""
    ordered = sorted(evidence.pupil.contacts, key=lambda contact: contact.priority)
    return tuple(contact for contact in ordered if contact.parental_responsibility is not False)


def steps_table(heading: str, events: Iterable[Event], evidence: Evidence, intro: str = "") -> TableSection:
    """Steps as a table: when, what, what came of it, by whom."""
    rows = tuple(_rows(events, evidence))
    return TableSection(heading, ("Date", "What was done", "What came of it", "By"), rows, intro)


def marks_table(heading: str, marks: Iterable[MarkLine], intro: str = "") -> TableSection:
    """Sessions as a table: day, half-day, code and what it says."""
    rows = tuple((mark.session.day, str(mark.session.period), mark.code, mark.title) for mark in marks)
    return TableSection(heading, ("Date", "Session", "Code", "What it says"), rows, intro)


def _rows(events: Iterable[Event], evidence: Evidence) -> Iterator[tuple[date, str, str, str]]:
    for event in events:
        yield (
            event.at.astimezone(evidence.at.tzinfo).date(),
            event.kind.replace("-", " "),
            ", ".join(filter(None, (event.outcome, event.note))),
            ", ".join(filter(None, (event.by, event.role))),
        )
