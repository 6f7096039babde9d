"""Counting a span for everybody at once says of each pupil what counting that pupil alone says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mbls_sync.engine.histories import histories
from mbls_sync.figures.spans import ASKED_OFTEN
from mbls_sync.model.attendance import Cohort
from mbls_sync.model.marks import PupilId
from mbls_sync.testing.builders import Someone, a_pupil, a_world, the_calendar
from mbls_sync.testing.small_rules import school_day

DAY = date(2026, 11, 9)
SESSIONS = the_calendar().sessions(date(2026, 9, 1), DAY)
PUPILS = 3 * ASKED_OFTEN


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
    alone = [replace(history, spans=None).counts(first, last, cohort) for history in known.values()]
    assert together == alone
    assert {figures.pupil for figures in together} == set(known)


def test_a_span_counted_for_everybody_is_not_taken_for_another() -> None:
    known = histories(a_world(school_day(DAY, 15, 30), *(somebody(n) for n in range(PUPILS))))
    for history in known.values():
        history.counts(date(2026, 9, 1), DAY)
    one = known[PupilId("P05")]
    assert one.counts(DAY, DAY) == replace(one, spans=None).counts(DAY, DAY)
    assert one.counts(DAY, DAY) != one.counts(date(2026, 9, 1), DAY)
