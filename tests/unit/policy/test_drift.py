"""The written policy is held against national law by date, and each difference names its source."""

from datetime import date

import pytest

from mbls_sync.cli.law import standings
from mbls_sync.errors import ParameterError
from mbls_sync.policy.drift import Standing, drift, load_comparisons
from mbls_sync.policy.places import law_file, shipped_config
from mbls_sync.testing.builders import a_parameter, the_codebook, the_parameters

ROWS = load_comparisons(law_file(shipped_config()))
TODAY, NEW_LAW, DAY_BEFORE = date(2026, 11, 24), date(2024, 8, 19), date(2024, 8, 18)


def found(day=TODAY, **made_up):
    changed = {name: a_parameter(name, kind, value) for name, (kind, value) in made_up.items()}
    rows = drift(ROWS, {**the_parameters(), **changed}, standings(the_codebook(), day), day)
    return {row.id: row for row in rows}


def test_each_known_difference_is_told_with_its_source():
    told = found()
    differ = {id for id, row in told.items() if row.standing is not Standing.AGREES}
    assert differ >= {
        "codes-withdrawn", "codes-missing", "hash-for-part", "n-days", "return-frequency", "register-lengths",
        "morning-times", "afternoon-times", "who-issues", "x-age", "sickness",
    }  # fmt: skip
    assert all(told[id].source and told[id].mend for id in differ)


def test_the_codes_that_differ_are_named():
    assert found()["codes-withdrawn"].written == "H Y"
    assert found()["codes-missing"].written == "C1 C2 J1 K Q Y1 Y2 Y3 Y4 Y6 Y7"


def test_what_the_program_does_by_law_is_told_apart_from_what_nothing_puts_right():
    told = found()
    assert (told["sickness"].written, told["sickness"].in_force, told["sickness"].standing) == (
        "16",
        "15",
        Standing.POLICY_DIFFERS,
    )
    assert told["morning-times"].standing is Standing.DIFFERS


@pytest.mark.parametrize("id", ["n-days", "return-frequency", "sickness"])
def test_before_the_law_of_2024_there_was_nothing_to_differ_from(id):
    assert id not in found(DAY_BEFORE)
    assert id in found(NEW_LAW)


def test_the_printed_codes_were_the_national_ones_until_the_law_changed():
    assert found(DAY_BEFORE)["codes-withdrawn"].standing is Standing.AGREES
    assert found(DAY_BEFORE)["hash-for-part"].standing is Standing.AGREES
    assert found(NEW_LAW)["codes-withdrawn"].standing is Standing.POLICY_DIFFERS


@pytest.mark.parametrize(("minutes", "agrees"), [(29, True), (30, True), (31, False)])
def test_a_register_may_stay_open_for_thirty_minutes_and_no_longer(minutes, agrees):
    standing = Standing.AGREES if agrees else Standing.DIFFERS
    assert found(**{"registers.pm_close_minutes": ("count", minutes)})["register-open"].standing is standing


@pytest.mark.parametrize(("days", "follows"), [(4, True), (5, True), (6, False)])
def test_a_school_that_waits_longer_than_the_law_is_told(days, follows):
    standing = Standing.POLICY_DIFFERS if follows else Standing.DIFFERS
    assert found(**{"n_to_o.days": ("days", days)})["n-days"].standing is standing


def test_a_school_that_follows_its_printed_list_breaks_the_law():
    assert found(**{"registers.code_list": ("text", "policy")})["codes-withdrawn"].standing is Standing.DIFFERS


def test_a_policy_adopted_anew_ends_its_row(tmp_path):
    text = law_file(shipped_config()).read_text(encoding="utf-8")
    file = tmp_path / "law.yaml"
    file.write_text(text.replace("  - id: guidance\n", "  - id: guidance\n    until: 2026-11-24\n"), encoding="utf-8")
    rows = load_comparisons(file)
    told = [
        {row.id for row in drift(rows, the_parameters(), {}, day)} for day in (date(2026, 11, 23), date(2026, 11, 24))
    ]
    assert ["guidance" in ids for ids in told] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("test: at_most", "test: about", "must be one of"),
        ("    written: termly\n    in_force: la.attendance_return.frequency\n", "", "needs `written`"),
        ("says: The LA is told once a term.", "says:", "is empty"),
    ],
)
def test_a_row_that_is_not_right_is_refused_with_its_line(tmp_path, old, new, problem):
    file = tmp_path / "law.yaml"
    text = law_file(shipped_config()).read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ParameterError, match=problem) as caught:
        load_comparisons(file)
    assert caught.value.line
