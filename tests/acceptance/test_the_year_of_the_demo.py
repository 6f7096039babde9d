"""The synthetic school can be played from the first day of a school year, as its office would live it."""

from __future__ import annotations

from mbls_sync.model.deliveries import Kind
from tests.year_of_the_demo import run_year


def test_the_first_day_of_the_year_asks_for_calls_and_for_no_letter_about_attendance(tmp_path):
    effects = run_year(tmp_path / "school", days=1)
    assert any(effect.because.rule == "FDC-03" for effect in effects), "nobody who is unexplained is called"
    stages = [effect.because.rule for effect in effects if effect.kind is Kind.LETTER and "STG" in effect.because.rule]
    assert not stages, "one day says nothing of a pupil's attendance"
