"""A span's figures from running totals are those that counting its marks gives, for each pupil alone."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mbls_sync.engine.histories import histories
from mbls_sync.figures.counts import CountedAnew, figures_of
from mbls_sync.figures.history import History
from mbls_sync.figures.slots import Marks
from mbls_sync.figures.totals import RunningTotals
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.codes import Meaning
from mbls_sync.model.marks import PupilId
from mbls_sync.model.registers import SLOTS, Encoding
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import Someone, a_pupil, a_world, the_calendar, the_codebook
from mbls_sync.testing.small_rules import school_day

DAY = date(2026, 11, 9)
SESSIONS = the_calendar().sessions(date(2026, 9, 1), DAY)
PUPILS = 24
ENCODING = Encoding().grown(the_codebook().pairs())


def somebody(number: int) -> Someone:
    """Pupils who differ in their marks, in when they came, and in their age."""
    marks = {s: "/IOLUNE"[(number * 5 + at) % 7] for at, s in enumerate(SESSIONS) if (number + at) % 11}
    admitted = SESSIONS[number].day if number % 4 == 0 else None
    born = date(2021, 9, 1) + timedelta(days=number) if number % 3 else date(2015, 1, 1)
    return Someone(a_pupil(f"P{number:02}", admitted=admitted, born=born), marks)


@pytest.mark.parametrize("cohort", Cohort)
@pytest.mark.parametrize(("first", "last"), [(date(2026, 9, 1), DAY), (date(2026, 10, 5), date(2026, 10, 20))])
def test_a_span_asked_of_many_is_what_each_alone_would_say(cohort: Cohort, first: date, last: date) -> None:
    known = histories(a_world(school_day(DAY, 15, 30), *(somebody(n) for n in range(PUPILS))))
    together = [history.counts(first, last, cohort) for history in known.values()]
    alone = [counted_anew(history, first, last, cohort) for history in known.values()]
    assert together == alone
    assert {figures.pupil for figures in together} == set(known)


def counted_anew(history: History, first: date, last: date, cohort: Cohort) -> PupilFigures:
    """One pupil's figures from the marks themselves, with no totals kept."""
    years, end = history.registers.values(), min(Session(last, Period.PM), history.until)
    return figures_of((history.pupil,), years, history.calendar, first, end, history.measures, cohort)[0]


@settings(max_examples=60, deadline=None)
@given(
    marks=arrays(np.uint8, (3, SLOTS), elements=st.sampled_from([0, *ENCODING.pairs])),
    bounds=st.tuples(st.integers(0, SLOTS), st.integers(0, SLOTS)).map(sorted),
)
def test_a_difference_of_totals_is_what_counting_the_span_gives(marks: Marks, bounds: list[int]) -> None:
    over, held = slice(*bounds), np.arange(SLOTS) % 5 > 0
    totals, anew = RunningTotals(marks, ENCODING, held), CountedAnew(marks, ENCODING, held)
    assert totals.kinds(over).tolist() == anew.kinds(over).tolist()
    assert totals.unauthorised(over).tolist() == anew.unauthorised(over).tolist()


def test_a_year_without_a_day_of_holiday_does_not_overflow_the_totals() -> None:
    marks = np.full((1, SLOTS), ENCODING.byte("U", Meaning.UNAUTHORISED), dtype=np.uint8)
    totals = RunningTotals(marks, ENCODING, np.ones(SLOTS, dtype=np.bool_))
    assert totals.kinds(slice(0, SLOTS))[:, 0].tolist() == [0, 0, 0, SLOTS, 0, SLOTS, 0]


def test_a_span_counted_for_everybody_is_not_taken_for_another() -> None:
    known = histories(a_world(school_day(DAY, 15, 30), *(somebody(n) for n in range(PUPILS))))
    for history in known.values():
        history.counts(date(2026, 9, 1), DAY)
    one = known[PupilId("P05")]
    assert one.counts(DAY, DAY) == counted_anew(one, DAY, DAY, Cohort.ALL_ROLL)
    assert one.counts(DAY, DAY) != one.counts(date(2026, 9, 1), DAY)
