"""A desk with three visibly invented pupils, two of them probably one family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mbls_sync.delivery.desk import Desk
from mbls_sync.figures.history import History
from mbls_sync.figures.measures import Measures
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.decisions import Because
from mbls_sync.model.deliveries import Effect, Kind, Mode, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import School
from mbls_sync.model.proposals import Proposal, RaiseTask, Rank
from mbls_sync.model.pupils import Contact, Pupil
from mbls_sync.model.registers import EMPTY_PAGE, Encoding, RegisterPages
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.calendars import load_calendar
from mbls_sync.policy.codebook import CodeBook, load_codes

CONFIG = Path(__file__).parents[3] / "config"
DAY = date(2026, 10, 13)
YEAR = AcademicYear(2026)

MOTHER = Contact(1, "Jo Testparent", "mother", True, mobile="07700 900101", email="jo@example.org")
AUNT = Contact(2, "Sam Testaunt", "aunt", False, home_phone="01632 960002")
PUPILS = (
    Pupil(PupilId("A1"), "Testpupil", "Amber", upn="A000000000001", class_name="Otters", year_group="2",
          born=date(2020, 1, 5), address="1 Test Lane", postcode="ZZ1 1ZZ", child_in_need=True,
          contacts=(MOTHER, AUNT)),
    Pupil(PupilId("B2"), "Testpupil", "Kit", upn="B000000000002", class_name="Foxes", year_group="4",
          born=date(2018, 1, 5), address="1, Test Lane", postcode="zz11zz", contacts=(MOTHER,)),
    Pupil(PupilId("C3"), "Example", "Lou", upn="C000000000003", class_name="Robins", year_group="R",
          born=date(2021, 10, 5), contacts=(Contact(1, "Pat Example", "father", True, "+44 7700 900999"),)),
)  # fmt: skip


@pytest.fixture(scope="session")
def calendar() -> SchoolCalendar:
    return load_calendar(CONFIG / "calendar")


@pytest.fixture(scope="session")
def codes() -> CodeBook:
    return load_codes(CONFIG / "codes.yaml")


@pytest.fixture(scope="session")
def pages(calendar: SchoolCalendar, codes: CodeBook) -> RegisterPages:
    """Everybody present since September, but the last day: A1 and B2 are N, C3 ill."""
    encoding = Encoding().grown(codes.pairs())
    empty = RegisterPages(YEAR, encoding, {})
    last = {"A1": "N", "B2": "N", "C3": "I"}
    made: dict[PupilId, bytes] = {}
    for pupil in PUPILS:
        page = bytearray(EMPTY_PAGE)
        for session in calendar.sessions(YEAR.first, DAY):
            if session > Session(DAY, Period.AM):
                continue
            code = last[pupil.id] if session.day == DAY else "/" if session.period is Period.AM else "\\"
            slot = empty.grid.slot(session)
            assert slot is not None
            page[slot] = encoding.byte(code, codes.meaning(code, session.day))
        made[pupil.id] = bytes(page)
    return RegisterPages(YEAR, encoding, made)


@pytest.fixture
def histories(pages: RegisterPages, calendar: SchoolCalendar) -> Mapping[PupilId, History]:
    events = (Event(datetime(2026, 10, 12, 9, 30, tzinfo=calendar.zone), "call-made", PupilId("A1"),
                    "no answer", "Test Officer", note="Jo Testparent"),)  # fmt: skip
    figures = PupilFigures(PupilId("A1"), 50, 40, 1, 2, 7, 0, 1, 0, True, False, 7)
    return {
        p.id: History(p, Session(DAY, Period.AM), {YEAR: pages}, calendar, replace(figures, pupil=p.id),
                      measures=Measures(Decimal(10), Decimal(50), 10),
                      events=events if p.id == "A1" else ())
        for p in PUPILS
    }  # fmt: skip


@pytest.fixture
def desk(calendar: SchoolCalendar, codes: CodeBook, histories: Mapping[PupilId, History]) -> Desk:
    now = datetime(2026, 10, 13, 9, 18, tzinfo=calendar.zone)
    return Desk(
        school=School("test", "Example Lower School", "823", "Central Bedfordshire", "9999"),
        now=now,
        mode=Mode.SHADOW,
        calendar=calendar,
        parameters={},
        codes=codes,
        pulled_at=now - timedelta(minutes=2),
        roll=PUPILS,
        histories=histories,
    )


@pytest.fixture
def effect_of() -> Callable[..., Effect]:
    """Wraps a proposal into an open effect; its key comes from its content."""

    def make(proposal: Proposal, kind: Kind = Kind.TASK, state: State = State.PLANNED, **more: Any) -> Effect:
        opened = datetime(2026, 10, 13, 9, 15, tzinfo=load_calendar(CONFIG / "calendar").zone)
        pupil = getattr(proposal, "pupil", None)
        key = more.pop("key", sha256(repr(proposal).encode()).hexdigest())
        because = Because("FDC-03", "Absence procedures", (), ((Session(DAY, Period.AM), "N"),))
        return Effect(key, kind, state, pupil, proposal, because, opened, opened, **more)

    return make


@pytest.fixture
def call_home(calendar: SchoolCalendar) -> Callable[..., RaiseTask]:
    def make(pupil: str, rank: Rank = Rank.NO_CONTACT, hour: int = 12, day: date = DAY, **more: Any) -> RaiseTask:
        given: dict[str, Any] = {
            "kind": "call-home",
            "title": "Call home about this morning",
            "why": "Absent at 08:45 and no message from home by 09:15.",
            "due": datetime(day.year, day.month, day.day, hour, tzinfo=calendar.zone),
            "role": "attendance_officer",
            "rank": rank,
            "pupil": PupilId(pupil),
            "say": "We have missed your child this morning. Is everything all right?",
            "outcomes": ("Spoke: ill", "No answer", "Did not know"),
        }
        return RaiseTask(**(given | more))

    return make
