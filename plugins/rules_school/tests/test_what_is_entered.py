"""Whatever home has asked for and the head has decided, nothing is entered outside what was granted."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from importlib import import_module
from pkgutil import walk_packages
from string import ascii_letters

from hypothesis import given, settings
from hypothesis import strategies as st
from mbls_rules_school.leave import DAY_BY_DAY, decided
from mbls_rules_school.leave_days import named_by, said_days
from mbls_rules_school.requests import loa_09_enter_leave, loa_13_appointment

from mbls_sync.api import (
    Event,
    LeaveRequest,
    Licence,
    Period,
    PupilId,
    RaiseTask,
    RequestKind,
    RequestOutcome,
    Session,
    SetCode,
)
from mbls_sync.testing.builders import ZONE, Someone, a_history, a_pupil, a_world, the_calendar
from mbls_sync.testing.filling import presence
from mbls_sync.testing.running import bind, proposals

FIRST, TODAY = date(2026, 9, 1), date(2026, 9, 18)
DAYS = [day for day in the_calendar().school_days if date(2026, 9, 14) <= day <= TODAY]
NOW = datetime.combine(TODAY, time(16, 30), tzinfo=ZONE)
AGREED = [bind(loa_09_enter_leave), bind(loa_13_appointment)]
ME = PupilId("P1")


def _rules() -> list[object]:
    folders = ("requests", "registers", "first_day_calling")
    packages = [import_module(f"mbls_rules_school.{folder}") for folder in folders]
    return [bind(import_module(f"{p.__name__}.{m.name}")) for p in packages for m in walk_packages(p.__path__)]


RULES = [rule for rule in _rules() if getattr(rule, "judge", "") == "judge_session"]

moments = st.integers(0, 20 * 24 * 4).map(
    lambda n: datetime.combine(FIRST, time(), tzinfo=ZONE) + timedelta(hours=n / 4)
)
clocks = st.none() | st.times(time(8), time(15)).map(lambda t: t.replace(second=0, microsecond=0))


@st.composite
def requests(draw: st.DrawFn) -> LeaveRequest:
    first, last = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    starts, ends = draw(st.sampled_from(Period)), draw(st.sampled_from(Period))
    if first == last and starts > ends:
        starts, ends = ends, starts
    return LeaveRequest(
        ME,
        draw(moments),
        first,
        last,
        draw(st.sampled_from(["wedding", "family holiday", "funeral", "dentist", "festival", "film"])),
        kind=draw(st.none() | st.sampled_from(RequestKind)),
        starts=starts,
        ends=ends,
        leaves_at=draw(clocks),
        back_at=draw(clocks),
        licence=draw(st.none() | st.sampled_from(Licence)),
        licence_number=draw(st.sampled_from(["", "L-7"])),
    )


days = st.sampled_from(["", *map(str, DAYS), f"{DAYS[0]}..{DAYS[2]} AM", f"{DAYS[1]} PM, {DAYS[3]}", "the Monday"])
decisions = st.builds(
    lambda at, kind, outcome, note: Event(at, kind, ME, outcome if kind != "leave-decided" else "granted", note=note),
    moments,
    st.sampled_from(["leave-granted", "leave-refused", "leave-decided", "leave-reason-recorded"]),
    days,
    st.sampled_from(["", "a parent marries"]),
)
codes = st.lists(st.sampled_from(["", "N", "I", "/", "C"]), min_size=2 * len(DAYS), max_size=2 * len(DAYS))


def _someone(marks: Sequence[str], asked: Sequence[LeaveRequest], said: Sequence[Event]) -> Someone:
    sessions = [Session(day, period) for day in DAYS for period in Period]
    held = presence(the_calendar(), FIRST, DAYS[0]) | dict(zip(sessions, marks, strict=True))
    return Someone(
        a_pupil(),
        {session: code for session, code in held.items() if code},
        requests=tuple(sorted(asked, key=lambda r: r.received_at)),
        events=tuple(sorted(said, key=lambda e: e.at)),
    )


@settings(max_examples=200, deadline=None)
@given(codes, st.lists(requests(), max_size=3), st.lists(decisions, max_size=4))
def test_only_a_blank_or_n_in_a_session_that_was_agreed_is_ever_entered(
    marks: Sequence[str], asked: Sequence[LeaveRequest], said: Sequence[Event]
) -> None:
    someone = _someone(marks, asked, said)
    history = a_history(NOW, someone)
    world = a_world(NOW, someone, Someone(a_pupil("P2"), presence(the_calendar(), FIRST, TODAY)))
    granted = {session for request in asked for session in decided(request, history).sessions}
    by_itself = {RequestKind.APPOINTMENT, RequestKind.PERFORMANCE, None}
    covered = {s for r in asked if r.kind in by_itself for d in DAYS for p in Period if r.covers(s := Session(d, p))}
    for rule in AGREED:
        for mark in proposals(rule, world):
            if isinstance(mark, SetCode):
                assert mark.subject.session in granted | covered
                assert mark.subject.code in ("", "N")


@settings(max_examples=150, deadline=None)
@given(codes, st.lists(requests(), max_size=3), st.lists(decisions, max_size=4))
def test_what_is_granted_was_asked_for_and_all_of_it_only_where_no_day_was_kept_back(
    marks: Sequence[str], asked: Sequence[LeaveRequest], said: Sequence[Event]
) -> None:
    history = a_history(NOW, _someone(marks, asked, said))
    for request in asked:
        found = decided(request, history)
        wanted = {s for d in DAYS for p in Period if request.covers(s := Session(d, p))}
        assert set(found.sessions) <= wanted
        assert not set(found.sessions) & set(found.refused)
        assert (found.outcome is RequestOutcome.GRANTED) == (bool(found.sessions) and not found.refused)
        assert (found.outcome is RequestOutcome.PARTLY) == (bool(found.sessions) and bool(found.refused))
        if found.last is not None and request.licence not in DAY_BY_DAY:
            assert set(found.sessions) | set(found.refused) == wanted


@settings(max_examples=150, deadline=None)
@given(requests(), st.lists(decisions, max_size=4, unique_by=lambda event: event.at))
def test_of_each_session_the_latest_decision_that_speaks_of_it_stands(
    request: LeaveRequest, said: Sequence[Event]
) -> None:
    history = a_history(NOW, _someone([""] * 2 * len(DAYS), [request], said))
    spoken = [e for e in sorted(said, key=lambda e: e.at, reverse=True) if e.kind != "leave-reason-recorded"]
    spoken = [event for event in spoken if event.at >= request.received_at]
    for session in (Session(day, period) for day in DAYS for period in Period):
        last = next((e for e in spoken if request.covers(session) and _speaks_of(e, session)), None)
        grants = last is not None and last.kind != "leave-refused"
        assert (session in decided(request, history).sessions) == grants


def _speaks_of(event: Event, session: Session) -> bool:
    """By the few words about days that this test makes up."""
    day, period = session.day, session.period
    return event.kind == "leave-decided" or {
        "": True,
        "the Monday": False,
        f"{DAYS[0]}..{DAYS[2]} AM": DAYS[0] <= day <= DAYS[2] and period is Period.AM,
        f"{DAYS[1]} PM, {DAYS[3]}": day == DAYS[3] or (day == DAYS[1] and period is Period.PM),
    }.get(event.outcome, event.outcome == str(day))


@settings(max_examples=150, deadline=None)
@given(codes, st.lists(requests(), max_size=2), st.lists(decisions, max_size=3))
def test_beside_requests_one_home_still_gets_one_call_and_one_mark_one_code(
    marks: Sequence[str], asked: Sequence[LeaveRequest], said: Sequence[Event]
) -> None:
    world = a_world(NOW, _someone(marks, asked, said), Someone(a_pupil("P2"), presence(the_calendar(), FIRST, TODAY)))
    found = [proposal for rule in RULES for proposal in proposals(rule, world)]
    calls = [task for task in found if isinstance(task, RaiseTask) and task.kind == "call-home" and task.pupil == ME]
    assert len(calls) <= 1
    wanted: dict[Session, set[str]] = {}
    for mark in found:
        if isinstance(mark, SetCode) and mark.subject.pupil == ME:
            wanted.setdefault(mark.subject.session, set()).add(mark.code)
    assert all(len(these) == 1 for these in wanted.values()), wanted


@given(st.text(alphabet=f"{ascii_letters} .-/", min_size=1).filter(str.strip))
def test_words_about_days_that_cannot_be_read_name_nothing_rather_than_everything(text: str) -> None:
    assert named_by(text) is None


def test_days_are_named_as_people_write_them() -> None:
    sessions = [Session(day, period) for day in DAYS for period in Period]
    named = named_by("14/09/2026 AM; 2026-09-16 to 2026-09-17, 2026-09-18 pm")
    assert named is not None
    chosen = [session for session in sessions if named(session)]
    assert said_days(chosen) == "Mon 14 Sep (morning), Wed 16 Sep to Thu 17 Sep, Fri 18 Sep (afternoon)"
    assert named_by("2026-02-30") is None
    assert named_by("Monday") is None
    assert all(map(named_by("  "), sessions))
