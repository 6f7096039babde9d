"""Whatever has happened, the rules never ask for two calls to one home about one day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mbls_sync.api import Direction, Event, Message, Period, PupilId, RaiseTask, Session, SetCode, SignIn
from mbls_sync.testing.builders import ZONE, Someone, a_pupil, a_world, the_calendar
from mbls_sync.testing.filling import presence
from mbls_sync.testing.running import bind, proposals

CALLS = ("call-home", "call-others", "warn-visit", "home-visit")
TODAY = date(2026, 9, 15)
FIRST = date(2026, 9, 1)
DAYS = [day for day in the_calendar().school_days if FIRST <= day <= TODAY][-4:]
KINDS = ("call-home", "call-others", "visit-warning", "home-visit")
OUTCOMES = ("no answer", "spoke: ill", "did not know", "on the way", "voicemail")


def _rules(folder: str) -> list[Any]:
    package = import_module(f"mbls_rules_school.{folder}")
    return [bind(import_module(f"{package.__name__}.{m.name}")) for m in walk_packages(package.__path__)]


RULES = [*_rules("first_day_calling"), *_rules("registers")]


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(8), tzinfo=ZONE) + timedelta(minutes=minute)


codes = st.lists(st.sampled_from(["", "N", "I", "/", "U", "L", "M"]), min_size=8, max_size=8)
minutes = st.integers(0, 470)
messages = st.lists(
    st.builds(
        lambda day, minute, reason, back: Message(
            PupilId("P1"), _at(day, minute), "home", reason, None if back is None else day + timedelta(days=back)
        ),
        st.sampled_from(DAYS),
        minutes,
        st.sampled_from(["poorly", "", "away", "dentist", "funeral"]),
        st.none() | st.integers(1, 5),
    ),
    max_size=2,
)
events = st.lists(
    st.builds(
        lambda day, minute, kind, outcome: Event(_at(day, minute), kind, PupilId("P1"), outcome),
        st.sampled_from(DAYS),
        minutes,
        st.sampled_from(KINDS),
        st.sampled_from(OUTCOMES),
    ),
    max_size=3,
)
signs = st.lists(
    st.builds(
        lambda day, minute, way: SignIn(PupilId("P1"), day, _at(day, minute).time(), way),
        st.sampled_from(DAYS),
        minutes,
        st.sampled_from(Direction),
    ),
    max_size=2,
)


@settings(max_examples=150, deadline=None)
@given(codes, messages, events, signs, minutes)
def test_one_home_gets_one_call_a_day_and_one_mark_gets_one_code(
    marks: Sequence[str],
    heard: Sequence[Message],
    done: Sequence[Event],
    came: Sequence[SignIn],
    minute: int,
) -> None:
    now = _at(TODAY, minute)
    sessions = [Session(day, period) for day in DAYS for period in Period]
    held = presence(the_calendar(), FIRST, DAYS[0]) | dict(zip(sessions, marks, strict=True))
    until = max(now, _at(TODAY, 0))
    someone = Someone(
        pupil=a_pupil(),
        marks={s: c for s, c in held.items() if c and (s.day < TODAY or s.period is Period.AM or minute > 285)},
        messages=tuple(m for m in heard if m.received_at <= until),
        events=tuple(e for e in done if e.at <= until),
        sign_ins=tuple(s for s in came if s.day < TODAY or datetime.combine(s.day, s.time, tzinfo=ZONE) <= until),
    )
    classmate = Someone(a_pupil("P2"), presence(the_calendar(), FIRST, TODAY))
    world = a_world(now, someone, classmate)
    asked = [found for rule in RULES for found in proposals(rule, world)]
    calls = [task for task in asked if isinstance(task, RaiseTask) and task.kind in CALLS and task.pupil == "P1"]
    assert len(calls) <= 1, [(task.kind, task.title) for task in calls]
    wanted: dict[Session, set[str]] = {}
    for mark in asked:
        if isinstance(mark, SetCode) and mark.subject.pupil == "P1":
            wanted.setdefault(mark.subject.session, set()).add(mark.code)
    assert all(len(codes) == 1 for codes in wanted.values()), wanted
