"""The values of the policy and of the law change on their own days, not on ours."""

from datetime import date
from decimal import Decimal

import pytest
from mbls_rules_school.assessments import windows
from mbls_rules_school.reasons import code_for

from mbls_sync.api import ConfigurationError, NotInForce, RequestKind
from mbls_sync.testing.builders import a_parameter, a_policy, the_codebook, the_parameters

DAY_BEFORE, NEW_LAW = date(2024, 8, 18), date(2024, 8, 19)


@pytest.mark.parametrize(
    ("name", "kind", "before", "after"),
    [
        ("sickness.return_days", "days", 16, 15),
        ("sickness.cumulative", "flag", False, True),
        ("la.attendance_return.frequency", "text", "termly", "monthly"),
    ],
)
def test_the_law_of_2024_begins_on_its_day(name: str, kind: str, before: object, after: object) -> None:
    assert getattr(a_policy(DAY_BEFORE), kind)(name) == before
    assert getattr(a_policy(NEW_LAW), kind)(name) == after


def test_there_is_no_national_threshold_before_the_national_framework() -> None:
    assert not a_policy(DAY_BEFORE).is_in_force("penalty_notice.sessions")
    assert a_policy(NEW_LAW).count("penalty_notice.sessions") == 10
    assert a_policy(NEW_LAW).count("penalty_notice.school_weeks") == 10


def test_the_policy_of_2023_is_not_asked_about_the_year_before() -> None:
    with pytest.raises(NotInForce, match=r"first_day_calling\.starts_at has no value on 2023-08-31"):
        a_policy(date(2023, 8, 31)).time_of_day("first_day_calling.starts_at")
    assert a_policy(date(2023, 9, 1)).time_of_day("first_day_calling.starts_at").hour == 9


@pytest.mark.parametrize(
    ("reason", "before", "after"),
    [
        ("ill, high temperature", "I", "I"),
        ("orthodontist appointment", "M", "M"),
        ("licensed performance", "C", "C1"),
        ("part-time timetable", "C", "C2"),
        ("interview at another school", "J", "J1"),
        ("Eid", "R", "R"),
        ("family emergency", "C", "C"),
        ("on holiday", "G", "G"),
        ("birthday", "O", "O"),
        ("suspended", "E", "E"),
        ("the school bus did not come", None, "Y1"),
        ("away today", None, None),
        ("", None, None),
    ],
)
def test_a_reason_becomes_the_code_of_its_day(reason: str, before: str | None, after: str | None) -> None:
    assert code_for(reason, a_policy(DAY_BEFORE)) == before
    assert code_for(reason, a_policy(NEW_LAW)) == after


@pytest.mark.parametrize("reason", ["he will be away", "hillwalking", "going to Chilli's", "she is still asleep"])
def test_only_whole_words_are_a_reason(reason: str) -> None:
    assert code_for(reason, a_policy(NEW_LAW)) is None


def test_every_code_that_the_table_names_is_valid_on_its_day() -> None:
    for dated in the_parameters()["classification.reason_to_code"].values:
        table = a_policy(dated.since).table("classification.reason_to_code")
        unknown = {code for code in table.values() if the_codebook().standing(code, dated.since, True) == "unknown"}
        assert not unknown
        withdrawn = {c for c in table.values() if the_codebook().standing(c, dated.since, True) == "withdrawn"}
        assert not withdrawn


def test_percentages_are_exact() -> None:
    assert a_policy(NEW_LAW).percent("stage.support_percent") == Decimal(93)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("leave", "C", "C"),
        ("holiday", "H", "C"),
        ("performance", "C", "C1"),
        ("religious observance", "R", "R"),
        ("travel", "T", "T"),
        ("appointment", "M", "M"),
    ],
)
def test_what_was_agreed_takes_the_code_of_its_day(kind: str, before: str, after: str) -> None:
    assert a_policy(DAY_BEFORE).table("leave.codes")[kind] == before
    assert a_policy(NEW_LAW).table("leave.codes")[kind] == after


def test_every_code_of_agreed_leave_is_valid_on_its_day() -> None:
    for dated in the_parameters()["leave.codes"].values:
        table = a_policy(dated.since).table("leave.codes")
        assert {the_codebook().standing(code, dated.since, True) for code in table.values()} == {"valid"}


def test_every_kind_of_request_has_its_code_and_every_word_a_kind() -> None:
    table = a_policy(NEW_LAW).table("leave.codes")
    assert {kind.value for kind in RequestKind} - set(table) == {"lunch"}
    assert set(a_policy(NEW_LAW).table("leave.kind_words").values()) <= {kind.value for kind in RequestKind}


def test_the_windows_of_a_year_begin_with_that_year_and_can_be_read() -> None:
    before, after = (windows(a_policy(day)) for day in (date(2026, 8, 31), date(2026, 9, 1)))
    assert {window.first.year for window in before} == {2024}
    assert {(window.name, *window.year_groups) for window in after} == {
        ("Reception baseline", "R"),
        ("Multiplication tables check", "4"),
        ("Phonics screening check", "1"),
    }
    assert all(window.first <= window.last for window in (*before, *after))


@pytest.mark.parametrize(
    "name",
    ["leave.authorised_percent", "leave.assessment_lead_days", "performance.floor_percent", "lunch.late_afternoons"],
)
def test_nothing_is_held_against_a_request_before_the_policy_began(name: str) -> None:
    assert not a_policy(date(2023, 8, 31)).is_in_force(name)
    assert a_policy(date(2023, 9, 1)).is_in_force(name)


@pytest.mark.parametrize(
    "written", ["2027-06-07", "7 June to 18 June", "2027-06-18..2027-06-07", "2027-06-31..2027-07-01"]
)
def test_a_window_that_cannot_be_read_is_told_by_name_with_how_to_write_it(written: str) -> None:
    made_up = a_parameter("leave.assessment_windows", "table", (("Phonics", written),))
    with pytest.raises(ConfigurationError, match=r"Phonics is '.*'.*such as 2027-06-07\.\.2027-06-18 year:1"):
        windows(a_policy(NEW_LAW, made_up))
