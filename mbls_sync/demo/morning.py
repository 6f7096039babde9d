"""The synthetic school's morning: who is away, who rang, who came late, and which register was not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from mbls_sync.demo.absence import Marks
from mbls_sync.demo.people import Family
from mbls_sync.demo.requests import requests_made
from mbls_sync.model.happenings import Direction, Event, LeaveRequest, Message, SignIn
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Period, Session

LATE_REGISTER = "Kestrels"
"""The class whose teacher saves the register only after the first pass of the day."""

REASONS = (
    "ill, high temperature",
    "sickness bug",
    "chesty cough, not well",
    "ear infection, ill",
    "poorly in the night",
)


@dataclass(frozen=True)
class Morning:
    """What the MIS and the office hold at the first pass and at the close of the morning register."""

    before: Mapping[PupilId, Marks]
    at_close: Mapping[PupilId, Marks]
    messages: tuple[Message, ...]
    sign_ins: tuple[SignIn, ...]
    requests: tuple[LeaveRequest, ...]
    decisions: tuple[Event, ...]


def morning(
    random: Random, households: Sequence[Family], truth: Mapping[PupilId, Marks], day: date, zone: ZoneInfo
) -> Morning:
    """The morning of `day`, given what really happened (`truth` holds each pupil's mark of that morning)."""
    session = Session(day, Period.AM)
    before: dict[PupilId, Marks] = {}
    at_close: dict[PupilId, Marks] = {}
    messages: list[Message] = []
    sign_ins: list[SignIn] = []
    for household in households:
        rang = random.random() < 0.62
        for pupil in household.pupils:
            code = truth[pupil.id].get(session, "X")
            if code in "LU":
                sign_ins.append(_arrival(random, pupil, day, code))
            if code in "IMCRGO" and rang:
                messages.append(_message(random, pupil, day, code, zone))
            at_close[pupil.id] = {session: code if code in "/X" else "N"}
            taken = pupil.class_name != LATE_REGISTER
            before[pupil.id] = at_close[pupil.id] if taken else {session: "X" if code == "X" else ""}
    heard = {*(m.pupil for m in messages), *(s.pupil for s in sign_ins)}
    pupils = [pupil.id for household in households for pupil in household.pupils]
    silent = [id for id in pupils if truth[id].get(session, "X") in "IMCRGO" and id not in heard]
    asked, decisions = requests_made(households, silent, day, zone)
    requests = (*_requests(random, households, day, zone), *asked)
    return Morning(
        before,
        at_close,
        tuple(sorted(messages, key=lambda m: (m.received_at, m.pupil))),
        tuple(sorted(sign_ins, key=lambda s: (s.time, s.pupil))),
        tuple(sorted(requests, key=lambda r: (r.received_at, r.pupil))),
        decisions,
    )


def unresolved(
    marks: Mapping[PupilId, Marks], yesterday: date, long_ago: date, classes: Mapping[PupilId, str]
) -> dict[PupilId, Marks]:
    """The history with what a real register holds: unexplained absences not yet settled, and an old code.

    Two pupils were unexplained all of `yesterday`; one has been since `long_ago`; one has a mark in the
    letter that left the national set in August 2024.
    """
    changed = dict(marks)
    chosen = iter(sorted(pupil for pupil, name in classes.items() if name in ("Otters", "Voles", "Foxes", "Hares")))
    for day in (yesterday, yesterday, long_ago):
        pupil = next(chosen)
        both = {Session(day, period): "N" for period in Period}
        changed[pupil] = {**changed[pupil], **both}
    pupil = next(chosen)
    changed[pupil] = {**changed[pupil], Session(long_ago, Period.AM): "H"}
    return changed


def _arrival(random: Random, pupil: Pupil, day: date, code: str) -> SignIn:
    register = time(9, 0) if pupil.year_group == "N2" else time(8, 45)
    late = random.randint(3, 14) if code == "L" else random.randint(31, 55)
    at = (datetime.combine(day, register) + timedelta(minutes=late)).time()
    return SignIn(pupil.id, day, at, Direction.IN, random.choice(("overslept", "traffic", "car would not start", "")))


def _message(random: Random, pupil: Pupil, day: date, code: str, zone: ZoneInfo) -> Message:
    at = datetime.combine(day, time(7, 40), tzinfo=zone) + timedelta(minutes=random.randint(0, 85))
    reason = {
        "M": "dentist appointment",
        "C": "family funeral, exceptional",
        "R": "religious festival",
        "G": "away on holiday",
        "O": "birthday",
    }.get(code, random.choice(REASONS))
    back = day + timedelta(days=random.choice((1, 1, 2))) if code == "I" and random.random() < 0.5 else None
    return Message(pupil.id, at, pupil.contacts[0].name, reason, back)


def _requests(random: Random, households: Sequence[Family], day: date, zone: ZoneInfo) -> tuple[LeaveRequest, ...]:
    chosen = random.sample(list(households), 3)
    base = LeaveRequest(
        pupil=chosen[0].pupils[0].id,
        received_at=datetime.combine(day - timedelta(days=4), time(9, 5), tzinfo=zone),
        first=day + timedelta(days=21),
        last=day + timedelta(days=22),
        purpose="wedding",
        reason="a relative marries abroad",
    )
    short = replace(base, pupil=chosen[1].pupils[0].id, first=day + timedelta(days=6), last=day + timedelta(days=9))
    holiday = replace(base, pupil=chosen[2].pupils[0].id, purpose="holiday", reason="cheaper in term time")
    return (base, replace(short, purpose="family visit", reason="grandparent is unwell"), holiday)
