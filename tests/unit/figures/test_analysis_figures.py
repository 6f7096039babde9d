"""The arithmetic of an analysis: weeks against the usual, factors, spells, what support changed, what is even."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.figures.factors import FACTOR, factors_of
from mbls_sync.figures.fairness import chance_of, is_uneven
from mbls_sync.figures.groups import WEEKDAYS, GroupFigures
from mbls_sync.figures.impact import impact_of
from mbls_sync.figures.percentages import points, rounded
from mbls_sync.figures.reasons import CodeCount, by_code, few_together
from mbls_sync.figures.spells import illness_spells
from mbls_sync.figures.usual_week import Usual, week_shape
from mbls_sync.figures.weekly import by_week
from mbls_sync.model.calendar import Closure
from mbls_sync.model.codes import Meaning
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import ZONE, a_pupil, closed, some_registers, the_calendar
from mbls_sync.testing.filling import presence, week
from mbls_sync.testing.paper_builders import some_figures

USUAL = Usual(Decimal("1.6"), Decimal("1.0"), 20)
P1 = PupilId("P1")
MONDAY, FRIDAY = date(2026, 9, 7), date(2026, 9, 11)


def a_week(missed: dict[str, int], possible: int = 1000) -> tuple[GroupFigures, ...]:
    """Ten half-days, each with as many sessions missed as `missed` says of its name, else fifty."""
    names = [f"{day} {period}" for day in WEEKDAYS for period in ("AM", "PM")]
    return tuple(
        GroupFigures(name, 100, possible, possible - (gone := missed.get(name, 50)), 0, gone, 0, 0, 0, 0)
        for name in names
    )


def test_a_friday_that_is_as_usual_does_not_stand_out():
    shape = week_shape(a_week({"Friday PM": 66}), USUAL)
    assert shape.friday_gap == Fraction(16, 10)
    assert "Friday" not in shape.named


@pytest.mark.parametrize(("missed", "stands_out"), [(75, False), (76, True), (77, True)])
def test_a_friday_stands_out_from_a_point_beyond_the_usual_gap(missed, stands_out):
    assert ("Friday" in week_shape(a_week({"Friday PM": missed}), USUAL).named) is stands_out


@pytest.mark.parametrize(("missed", "stands_out"), [(59, False), (60, True), (61, True)])
def test_another_day_stands_out_from_a_point_above_the_others(missed, stands_out):
    shape = week_shape(a_week({"Monday AM": missed, "Monday PM": missed}), USUAL)
    assert ("Monday" in shape.named) is stands_out


def test_a_day_with_few_absences_never_stands_out():
    shape = week_shape(
        a_week(dict.fromkeys([f"{d} {p}" for d in WEEKDAYS for p in ("AM", "PM")], 0) | {"Monday AM": 19}), USUAL
    )
    assert shape.named == {}


def test_a_factor_is_read_with_whom_it_touched_and_when():
    event = Event(
        datetime(2026, 10, 9, 9, tzinfo=ZONE), FACTOR, outcome="chickenpox", ref="class:2T 2026-10-05..2026-10-09"
    )
    (factor,) = factors_of(the_calendar(), [event], date(2026, 10, 1), date(2026, 10, 31))
    assert factor.said == "chickenpox, class 2T, 5 October to 9 October"
    assert factor.touches("2T", "2")
    assert not factor.touches("3B", "3")


@pytest.mark.parametrize("ref", ["", "the whole of 2T", "2026-13-45", "class: 2T"])
def test_a_factor_whose_reference_cannot_be_read_is_kept_on_its_day(ref):
    event = Event(datetime(2026, 10, 9, 9, tzinfo=ZONE), FACTOR, outcome="snow", ref=ref)
    (factor,) = factors_of(the_calendar(), [event], date(2026, 10, 9), date(2026, 10, 9))
    assert factor.what.startswith("snow")


def test_a_closure_of_two_days_is_one_factor():
    days = (date(2026, 10, 6), date(2026, 10, 7))
    shut = tuple(Closure(Session(day, half), "power cut", False) for day in days for half in Period)
    (factor,) = factors_of(closed(the_calendar(), shut), (), date(2026, 10, 1), date(2026, 10, 31))
    assert (factor.first, factor.last, factor.what) == (*days, "closed: power cut")


def test_illness_is_counted_in_spells_and_cut_at_the_span():
    marks = (
        presence(the_calendar(), MONDAY, date(2026, 9, 18))
        | week(MONDAY, "IIII" + "/\\" * 2 + "II")
        | week(date(2026, 9, 14), "II" + "/\\" * 4)
    )
    registers = some_registers({P1: marks})
    spells = illness_spells((a_pupil(),), registers.values(), MONDAY, Session(date(2026, 9, 18), Period.PM))
    assert [spell.sessions for spell in spells[P1]] == [4, 4]
    cut = illness_spells((a_pupil(),), registers.values(), date(2026, 9, 8), Session(FRIDAY, Period.PM))
    assert [spell.sessions for spell in cut[P1]] == [2, 2]


@given(st.lists(st.sampled_from("/LIUOGNC"), min_size=10, max_size=10))
def test_codes_and_weeks_add_up_to_the_same_possible_sessions(codes):
    text = "".join(codes)
    registers = some_registers({P1: week(MONDAY, text)}).values()
    counts = by_code((a_pupil(),), registers, MONDAY, Session(FRIDAY, Period.PM))
    (sums,) = by_week((a_pupil(),), registers, MONDAY, Session(FRIDAY, Period.PM))
    by_meaning = {m: sum(n.sessions for (_, of), n in counts.items() if of is m) for m in Meaning}
    assert sums.possible == sums.attended + sums.absent == sum(n.sessions for n in counts.values())
    assert sums.unauthorised == by_meaning[Meaning.UNAUTHORISED]


def test_support_is_looked_at_up_to_its_day_with_what_it_answers_and_from_the_day_after():
    asked = []

    def counts(pupil, first, last):
        asked.append((first, last))
        return some_figures(pupil, 40, 8 if first < date(2026, 10, 5) else 2)

    found = impact_of([(P1, date(2026, 10, 7))], 2, date(2026, 10, 30), the_calendar(), counts)
    assert asked == [(date(2026, 9, 21), date(2026, 10, 7)), (date(2026, 10, 8), date(2026, 10, 25))]
    assert (found.before, found.after, found.improved, found.change) == (80, 95, 1, 15)


def test_support_whose_weeks_are_not_over_is_too_early_to_judge():
    found = impact_of([(P1, date(2026, 10, 7))], 2, date(2026, 10, 22), the_calendar(), lambda *_: None)
    assert (found.too_early, found.pupils, found.change) == (1, frozenset(), None)


def test_a_division_that_chance_makes_often_is_even_and_one_it_hardly_makes_is_not():
    assert chance_of(1, 2, 1, 2) == 1
    assert not is_uneven(3, 10, 6, 20, Decimal(5))
    assert is_uneven(9, 10, 2, 20, Decimal(5))


@given(st.integers(0, 30), st.integers(0, 30), st.data())
def test_a_chance_is_a_share_of_one_whichever_group_is_named_first(group, others, data):
    mine, theirs = data.draw(st.integers(0, group)), data.draw(st.integers(0, others))
    chance = chance_of(mine, group, theirs, others)
    assert 0 < chance <= 1
    assert chance == chance_of(theirs, others, mine, group)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Fraction(4, 10), "+0.4"),
        (Fraction(-6, 5), "-1.2"),
        (Fraction(1, 100), "0.0"),
        (Fraction(-1, 20), "-0.1"),
        (None, "–"),
    ],
)
def test_a_change_is_said_with_its_sign_and_never_as_minus_nought(change, said):
    assert points(change) == said


def test_a_number_for_a_cell_is_the_one_that_is_shown():
    assert rounded(Fraction(9295, 100)) == Decimal("93.0")
    assert rounded(None) is None


def some_codes(**pupils: int) -> dict[str, CodeCount]:
    numbers = {code: range(100 * at, 100 * at + count) for at, (code, count) in enumerate(pupils.items())}
    return {code: CodeCount(len(who), frozenset(PupilId(f"P{n}") for n in who)) for code, who in numbers.items()}


def test_a_code_of_few_pupils_is_told_of_together_with_the_next():
    assert few_together(some_codes(I=200, M=30, E=1), 5) == {"E", "M"}
    assert few_together(some_codes(I=200, M=30, E=2, T=3), 5) == {"E", "T"}
    assert few_together(some_codes(I=200, M=30), 5) == frozenset()


def test_a_week_in_which_nobody_was_counted_has_no_shape() -> None:
    shape = week_shape((), Usual(Decimal("1.6"), Decimal(2), 10))
    assert (dict(shape.days), shape.friday_gap, dict(shape.named)) == ({}, None, {})
