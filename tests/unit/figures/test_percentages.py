"""Percentages are exact where they decide, and never hide on which side of a threshold they are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.figures.measures import reaches
from mbls_sync.figures.percentages import (
    PLACES,
    absence,
    attendance,
    difference,
    exact_text,
    from_code_counts,
    points,
    share,
    shown,
    shown_against,
)
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.codes import Meaning
from mbls_sync.model.marks import PupilId

SHARES = st.builds(share, st.integers(0, 10**6), st.integers(1, 10**6)).filter(lambda x: x is not None and x <= 100)


def test_there_is_no_percentage_of_nothing() -> None:
    nothing = PupilFigures(PupilId("P1"), 0, 0, 0, 0, 0, 0, 0, 0, False, False, 0)
    assert attendance(nothing) is None
    assert absence(nothing) is None
    assert exact_text(None) is None
    assert shown(None) == "–"
    assert shown_against(None, 93) == "–"


def test_attendance_and_absence_share_one_denominator() -> None:
    counted = PupilFigures(PupilId("P1"), 7, 4, 1, 1, 1, 3, 0, 0, True, False, 1)
    assert attendance(counted) == Fraction(500, 7)
    assert absence(counted) == Fraction(200, 7)


@pytest.mark.parametrize(
    ("part", "possible", "text"),
    [(1, 3, "33.3333333333"), (2, 3, "66.6666666667"), (19, 20, "95.0000000000"), (0, 9, "0.0000000000")],
)
def test_the_text_for_machines_has_ten_places(part: int, possible: int, text: str) -> None:
    assert exact_text(share(part, possible)) == text


@pytest.mark.parametrize(
    ("percentage", "text"),
    [(Fraction("92.95"), "93.0"), (Fraction("92.949999"), "92.9"), (Fraction("0.05"), "0.1"), (Fraction(100), "100.0")],
)
def test_a_person_s_text_is_rounded_half_up(percentage: Fraction, text: str) -> None:
    assert shown(percentage) == text


@pytest.mark.parametrize(
    ("percentage", "text"),
    [
        ("92.96", "93.0 (92.96)"),
        ("92.999", "93.0 (92.999)"),
        ("93.04", "93.0 (93.04)"),
        ("93", "93.0"),
        ("92.94", "92.9"),
        ("93.06", "93.1"),
    ],
)
def test_more_decimals_are_shown_where_rounding_hides_the_side_of_the_threshold(percentage: str, text: str) -> None:
    assert shown_against(Fraction(percentage), 93) == text
    assert shown_against(Fraction(percentage), Decimal("93.0")) == text


@given(percentage=SHARES)
def test_the_text_for_machines_is_the_exact_figure_to_its_last_place(percentage: Fraction) -> None:
    text = exact_text(percentage)
    assert text is not None
    assert abs(Fraction(text) - percentage) <= Fraction(1, 2 * 10**PLACES)


@given(percentage=SHARES)
def test_a_person_s_text_is_nowhere_more_than_half_a_tenth_off(percentage: Fraction) -> None:
    assert -Fraction(1, 20) <= percentage - Fraction(shown(percentage)) < Fraction(1, 20)


@given(missed=st.integers(0, 400), more=st.integers(0, 400), percent=st.decimals(0, 100, places=3))
def test_a_threshold_is_met_exactly_when_the_fraction_meets_it(missed: int, more: int, percent: Decimal) -> None:
    exact = share(missed, missed + more)
    assert reaches(missed, missed + more, percent) == (exact is not None and exact >= Fraction(percent))


@pytest.mark.parametrize(
    ("change", "said"),
    [("0.4", "+0.4"), ("-1.25", "-1.3"), ("0", "0.0"), ("0.04", "0.0"), ("-0.04", "0.0"), ("0.05", "+0.1")],
)
def test_a_difference_carries_its_sign_unless_nothing_of_it_is_left(change: str, said: str) -> None:
    assert points(Fraction(change)) == said


def test_a_difference_from_nothing_is_nothing() -> None:
    assert difference(Fraction(95), Fraction(90)) == 5
    assert difference(None, Fraction(90)) is difference(Fraction(95), None) is None
    assert points(None) == shown(None)


def test_counts_by_code_are_classed_by_meaning_and_not_by_letter() -> None:
    meanings = {"J": Meaning.APPROVED, "H": Meaning.AUTHORISED, "X": Meaning.NOT_POSSIBLE, "#": Meaning.NOT_COLLECTED}
    totals = from_code_counts({"J": 2, "H": 3, "X": 50, "#": 60}, meanings.__getitem__, other_authorised=1)
    assert (totals.attended, totals.authorised, totals.possible) == (2, 4, 6)


def test_no_counts_at_all_are_nothing_possible() -> None:
    assert from_code_counts({}, lambda _: Meaning.PRESENT).possible == 0
