"""However marks are amended on the way, what is open in the end is what the final marks alone would have opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from mbls_sync.contracts import Resource
from mbls_sync.model.deliveries import Kind, Mode
from mbls_sync.model.sessions import Period, Session
from mbls_sync.registry.manager import build_registry
from mbls_sync.testing.builders import ZONE, the_calendar
from mbls_sync.testing.fake_school import FakeSchool, a_fake_school

TODAY = date(2026, 11, 24)
END = datetime.combine(TODAY, time(15, 30), tzinfo=ZONE)
PUPILS = ("2T-1", "2T-2", "NU-1")
SESSIONS = (*the_calendar().sessions(date(2026, 11, 9), TODAY - timedelta(days=1)), Session(TODAY, Period.AM))
CODES = ("/", "N", "I", "G", "U", "O", "M", "L", "C")
REGISTRY = build_registry()

amendments = st.lists(
    st.tuples(st.sampled_from(PUPILS), st.sampled_from(SESSIONS), st.sampled_from(CODES)), min_size=1, max_size=24
)
"""A list of amendments; each part of it comes with a pull of its own."""

Marks = Mapping[tuple[str, Session], str]


def a_school(folder: Path) -> FakeSchool:
    """Two classes; NU-1 is three years old, so below compulsory school age."""
    school = a_fake_school(folder, f"sqlite:///{folder}/x.sqlite3", TODAY, classes={"2T": 6, "NU": 2}, mode=Mode.SHADOW)
    school.rules = REGISTRY.bound
    school.pupils = tuple(
        replace(p, born=date(2023, 2, 1), year_group="N1") if p.class_name == "NU" else p for p in school.pupils
    )
    school.items[Resource.PUPILS][:] = school.pupils
    school.mark(Session(TODAY, Period.AM), {str(pupil.id): "/" for pupil in school.pupils})
    return school


def entered(school: FakeSchool, marks: Sequence[tuple[str, Session, str]]) -> None:
    for pupil, session, code in marks:
        fitting = "\\" if code == "/" and session.period is Period.PM else code
        school.mark(session, {pupil: fitting})


def open_at_the_end(school: FakeSchool) -> dict[str, str]:
    """What is open, by key; rows of sheets are records and stay."""
    return {e.key: str(e.proposal) for e in school.effects() if e.state.is_open and e.kind is not Kind.SHEET_ROW}


@settings(max_examples=12)
@given(amendments, st.integers(1, 6))
def test_the_way_leaves_no_trace_in_what_is_open(given_: list[tuple[str, Session, str]], parts: int) -> None:
    final = {(pupil, session): code for pupil, session, code in given_}
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        on_the_way, at_once = a_school(Path(one)), a_school(Path(other))
        size = -(-len(given_) // parts)
        for part, start in enumerate(range(0, len(given_), size)):
            entered(on_the_way, given_[start : start + size])
            on_the_way.run(END - timedelta(minutes=40 - part))
        on_the_way.run(END)
        entered(at_once, [(pupil, session, code) for (pupil, session), code in final.items()])
        at_once.run(END)
        assert open_at_the_end(on_the_way) == open_at_the_end(at_once)
        on_the_way.close()
        at_once.close()


@settings(max_examples=12)
@given(amendments)
def test_nothing_that_the_law_keeps_for_compulsory_school_age_is_asked_below_it(
    given_: list[tuple[str, Session, str]],
) -> None:
    with TemporaryDirectory() as folder:
        school = a_school(Path(folder))
        entered(school, [("NU-1", session, code) for _, session, code in given_])
        school.run(END)
        confined = [
            (e.kind, e.because.rule) for e in school.effects() if e.pupil == "NU-1" and e.because.rule in CONFINED
        ]
        assert confined == []
        school.close()


CONFINED = frozenset({"LA-01", "PN-01", "PN-02", "PN-03"})
"""Rules about duties that the law confines to pupils of compulsory school age."""


def test_the_confined_rules_fire_above_that_age(tmp_path: Path) -> None:
    school = a_school(tmp_path)
    entered(school, [("2T-1", session, "G") for session in SESSIONS])
    school.run(END)
    assert {e.because.rule for e in school.effects() if e.pupil == "2T-1"} & CONFINED >= {"LA-01", "PN-01"}
    school.close()
