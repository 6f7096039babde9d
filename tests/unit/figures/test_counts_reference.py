"""The vectorised counts equal an obvious, slow count by dates, Fractions and loops, whatever the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from mbls_sync.figures.counts import by_pupil
from mbls_sync.figures.measures import Measures
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import AcademicYear, monday
from mbls_sync.model.codes import Code, Meaning
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pattern, Pupil
from mbls_sync.model.registers import Encoding, RegisterPages
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import some_registers, the_calendar, the_codebook

CODES = (
    "/",
    "/",
    "/",
    "\\",
    "L",
    "V",
    "B",
    "I",
    "M",
    "C",
    "N",
    "O",
    "G",
    "U",
    "X",
    "Y1",
    "Q",
    "#",
    "Z",
    "D",
    "H",
    "J",
    "",
)
FIRST, LAST = date(2025, 8, 1), date(2027, 7, 31)
Marks = Mapping[Session, Code]

# Half of all dates lie around the turn of the year, so that ends and beginnings often meet.
days = st.dates(FIRST, LAST) | st.dates(date(2026, 7, 13), date(2026, 9, 11))
birthdays = st.dates(date(2009, 8, 1), date(2023, 8, 31)) | st.builds(
    date, st.integers(2009, 2023), st.just(8), st.integers(30, 31)
)
maybe_days = st.none() | days
half_days = st.frozensets(st.tuples(st.integers(0, 4), st.sampled_from(Period)))
patterns = st.builds(Pattern, maybe_days, maybe_days, half_days)
measures = st.builds(
    Measures,
    persistent_percent=st.decimals(0, 100, places=2),
    severe_percent=st.decimals(0, 100, places=2),
    school_weeks=st.integers(1, 45),
)
pupils = st.builds(
    Pupil,
    id=st.sampled_from(["A", "B", "C", "D"]).map(PupilId),
    born=st.none() | birthdays,
    admitted=maybe_days,
    left=maybe_days,
    patterns=st.lists(patterns, max_size=2).map(tuple),
)


def weekday_sessions() -> list[Session]:
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [Session(day, period) for day in days if day.weekday() < 5 for period in Period]


ALL_SESSIONS = weekday_sessions()


def random_marks(seed: int) -> dict[PupilId, Marks]:
    """Marks of four pupils, in the holidays too: a mark is the truth whatever the calendar says."""
    random = Random(seed)
    chosen = {name: random.choice([0.0, 0.3, 0.95]) for name in "ABCE"}
    return {
        PupilId(name): {s: random.choice(CODES) for s in ALL_SESSIONS if random.random() < often}
        for name, often in chosen.items()
    }


def counts_in(pupil: Pupil, day: date, cohort: Cohort) -> bool:
    if not pupil.on_roll(day):
        return False
    if cohort is Cohort.STATUTORY:
        return pupil.is_compulsory_school_age(day)
    if cohort is Cohort.CENSUS_5_15 and pupil.born is not None:
        before = date(AcademicYear.of(day).start, 8, 31)
        had_birthday = (before.month, before.day) >= (pupil.born.month, pupil.born.day)
        return 5 <= before.year - pupil.born.year - (not had_birthday) <= 15
    return True


def slow_figures(
    pupil: Pupil, marks: Marks, first: date, last: Session, measured: Measures, cohort: Cohort
) -> PupilFigures:
    calendar, codes = the_calendar(), the_codebook()
    tally = dict.fromkeys(Meaning, 0)
    late = {"L": 0, "U": 0}
    rolling = unmarked = 0
    mondays = sorted({monday(s.day) for s in calendar.sessions(FIRST, LAST) if monday(s.day) <= last.day})
    window_first = mondays[-measured.school_weeks :][0] if mondays else monday(last.day)
    for session in ALL_SESSIONS:
        if session > last or not counts_in(pupil, session.day, cohort):
            continue
        code = marks.get(session, "")
        meaning = codes.meaning(code, session.day)
        if session.day >= first:
            tally[meaning] += 1
            late[code] = late.get(code, 0) + 1
            unmarked += code == "" and calendar.is_session(session) and pupil.attends(session)
        rolling += meaning is Meaning.UNAUTHORISED and session.day >= window_first
    absent = tally[Meaning.AUTHORISED] + tally[Meaning.UNAUTHORISED]
    possible = tally[Meaning.PRESENT] + tally[Meaning.APPROVED] + absent

    def reaches(percent: Decimal) -> bool:
        return possible > 0 and Fraction(absent, possible) >= Fraction(percent) / 100

    return PupilFigures(
        pupil.id,
        possible,
        tally[Meaning.PRESENT],
        tally[Meaning.APPROVED],
        tally[Meaning.AUTHORISED],
        tally[Meaning.UNAUTHORISED],
        unmarked,
        late["L"],
        late["U"],
        reaches(measured.persistent_percent),
        reaches(measured.severe_percent),
        rolling,
    )


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    roll=st.lists(pupils, unique_by=lambda pupil: pupil.id, max_size=4),
    first=days,
    last=st.builds(Session, days, st.sampled_from(Period)),
    measured=measures,
    cohort=st.sampled_from(Cohort),
)
def test_the_counts_are_those_of_a_slow_obvious_count(
    seed: int, roll: list[Pupil], first: date, last: Session, measured: Measures, cohort: Cohort
) -> None:
    marks = random_marks(seed)
    years = (AcademicYear(2025), AcademicYear(2026))
    registers = {year: RegisterPages(year, Encoding(), {}) for year in years} | dict(some_registers(marks))
    year = AcademicYear.of(last.day)
    pages = registers[year]
    also = [other for other in registers.values() if other.year != year]
    found = by_pupil(pages, roll, the_calendar(), first=first, last=last, measures=measured, cohort=cohort, also=also)
    known = {pupil.id: pupil for pupil in roll}
    everybody = sorted({*known, *pages.pages})
    assert [figures.pupil for figures in found] == everybody
    for figures in found:
        pupil = known.get(figures.pupil, Pupil(id=figures.pupil))
        assert figures == slow_figures(pupil, marks.get(pupil.id, {}), first, last, measured, cohort)


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 10**6), first=days, last=days)
def test_possible_is_always_the_sum_of_its_four_meanings(seed: int, first: date, last: date) -> None:
    registers = some_registers(random_marks(seed))
    pages = registers.get(AcademicYear.of(last))
    if pages is None:
        return
    measured = Measures(Decimal(10), Decimal(50), 10)
    end = Session(last, Period.PM)
    for found in by_pupil(pages, (), the_calendar(), first=first, last=end, measures=measured):
        parts = found.present + found.approved_activity + found.authorised + found.unauthorised
        assert found.possible == parts == found.attended + found.absent
        assert found.late_before_close <= found.present
        assert found.late_after_close <= found.unauthorised
        assert not found.severe or found.persistent
