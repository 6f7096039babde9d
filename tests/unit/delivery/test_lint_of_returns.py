"""A return is linted before it may be called ready; what stops it has a mend, an owner and a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from mbls_sync.contracts import BadRow
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.lint import OVERRIDDEN, fingerprint, lint, linted
from mbls_sync.delivery.lint_returns import RULES, ReturnPaper
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.happenings import Event
from mbls_sync.model.la_profile import Check, Column, ReturnForm, Weight
from mbls_sync.model.lint import Finding, Standing
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import ReturnDue, ReturnEntry, ReturnTable
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.view import Parameter
from mbls_sync.testing.builders import ZONE, a_parameter, the_parameters
from mbls_sync.testing.paper_builders import some_entries

DUE = ReturnDue("attendance", "2026-11", date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 30))
REF = "attendance 2026-11"
NOON = datetime(2026, 11, 20, 12, tzinfo=ZONE)
TODAY = NOON.date()
SPAN = {"first": date(2026, 11, 9), "last": date(2026, 11, 20)}


@pytest.fixture
def look(desk: Desk) -> Any:
    """The findings of one rule about one made-up pupil, changed as the test says."""

    def found(rule: str, *, form: Mapping[str, Any] | None = None, events: tuple[Event, ...] = (), **entry: Any) -> Any:
        one = replace(some_entries(1)[0], **{"unexplained_left": 0, "events": events, **entry})
        return _lint(desk, [one], Check(rule), **(form or {}))

    return found


def _lint(desk: Desk, entries: list[ReturnEntry], *checks: Check, **form: Any) -> tuple[Finding, ...]:
    columns = (Column("Name", "full_name", True), Column("Address", "address", True), Column("UPN", "upn"))
    rows = tuple((e.pupil.legal_name, e.pupil.address, e.pupil.upn) for e in entries)
    table = ReturnTable("attendance", "Return", "test", ("Name", "Address", "UPN"), rows)
    shaped = ReturnForm("attendance", **{"columns": columns, "csa_only": True, **form})
    whole = replace(desk, parameters=_policy())
    return lint(ReturnPaper(DUE, shaped, table, tuple(entries), whole), checks, RULES, whole.policy(DUE.due))


def _policy() -> Mapping[str, Parameter]:
    made_up = (a_parameter("la.lint.letters", "count", 2), a_parameter("la.lint.visits", "count", 1))
    return {**the_parameters(), **{parameter.name: parameter for parameter in made_up}}


def _at(kind: str, day: date = TODAY, **more: Any) -> Event:
    return Event(datetime(day.year, day.month, day.day, 12, tzinfo=ZONE), kind, PupilId("P0"), **more)


def _codes(*codes: str) -> dict[str, Any]:
    days = [SPAN["first"] + timedelta(days=n // 2) for n in range(len(codes))]
    pairs = tuple(
        (Session(d, (Period.AM, Period.PM)[n % 2]), c) for n, (d, c) in enumerate(zip(days, codes, strict=True))
    )
    return {**SPAN, "codes": pairs}


def _born(years: int) -> Any:
    return replace(some_entries(1)[0].pupil, born=date(2026 - years, 11, 1))


WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "n-left": (_codes("O", "N"), _codes("O", "O"), "1 session still N"),
    "gaps": (
        {"figures": replace(some_entries(1)[0].figures, unmarked=2)}, {}, "2 sessions without a mark",
    ),
    "code-valid": (_codes("H"), _codes("G"), "H on 09/11/2026 AM"),
    "of-age": ({"pupil": _born(4)}, {"pupil": _born(7)}, "below compulsory school age"),
    "required": ({"pupil": replace(_born(7), address="")}, {}, "missing Address"),
    "contacts-fresh": (
        {"events": (_at("contacts-confirmed", date(2026, 5, 1)),)},
        {"events": (_at("contacts-confirmed", date(2026, 6, 1)),)},
        "last confirmed on 01/05/2026",
    ),
    "already-reported": (
        {**SPAN, "events": (_at("return-line-sent", ref="attendance 2026-10", outcome="2026-10-01..2026-11-09"),)},
        {**SPAN, "events": (_at("return-line-sent", ref="attendance 2026-10", outcome="2026-10-01..2026-11-08"),)},
        "told in attendance 2026-10",
    ),
    "letters": ({"events": (_at("support-letter-sent"),)}, {"events": (_at("support-letter-sent"),) * 2}, "1 letter"),
    "visits": ({}, {"events": (_at("home-visit"),)}, "0 home visits recorded"),
    "attempts": (
        {**SPAN, "events": (_at("call-home", date(2026, 11, 1)),)},
        {**SPAN, "events": (_at("call-home", date(2026, 11, 9)),)},
        "no attempt",
    ),
    "readable": ({"pupil": replace(_born(7), address="=1+1")}, {}, "Address: the text starts like a"),
    "ground": ({"events": (_at("deletion-ground", outcome="z"),)}, {"events": (_at("deletion-ground", outcome="a"),)},
               "'z' is no ground"),
}  # fmt: skip


def test_every_rule_but_that_about_two_lines_is_tried_here() -> None:
    assert set(WRONG) == set(RULES) - {"duplicates", "duplicate-sessions"}


@pytest.mark.parametrize("rule", WRONG)
def test_a_rule_finds_what_is_wrong_says_how_it_is_mended_and_whose_it_is(look: Any, rule: str) -> None:
    wrong, _, says = WRONG[rule]
    (finding,) = look(rule, **wrong)
    assert says in finding.says
    assert "" not in (finding.mend, finding.owner)
    assert finding.pupil == "P0"
    assert finding.asked_by == "the school's own rule"


@pytest.mark.parametrize("rule", WRONG)
def test_a_rule_finds_nothing_where_all_is_well(look: Any, rule: str) -> None:
    assert look(rule, **WRONG[rule][1]) == ()


def test_where_the_file_counts_what_is_left_in_the_year_an_n_outside_the_absence_stops_it_too(look: Any) -> None:
    counts = {"columns": (Column("N left", "n_left"),)}
    whole = {**_codes("O", "O"), "unexplained_left": 1}
    assert look("n-left", **whole) == ()
    assert [finding.says[-18:] for finding in look("n-left", form=counts, **whole)] == ["1 session still N."]


@pytest.mark.parametrize(("born", "found"), [(date(2021, 8, 31), 0), (date(2021, 9, 1), 1)])
def test_age_is_looked_at_on_the_last_school_day_of_the_month(look: Any, born: date, found: int) -> None:
    assert len(look("of-age", pupil=replace(some_entries(1)[0].pupil, born=born))) == found


def test_a_child_who_comes_of_age_on_the_last_day_of_december_is_in_no_return_of_december(desk: Desk) -> None:
    december = ReturnDue("attendance", "2026-12", date(2026, 12, 1), date(2026, 12, 31), date(2026, 12, 18))
    entry = replace(some_entries(1)[0], pupil=replace(some_entries(1)[0].pupil, born=date(2021, 10, 1)))
    assert entry.pupil.compulsory_school_age_from == date(2026, 12, 31)
    table = ReturnTable("attendance", "Return", "test", (), ())
    paper = ReturnPaper(december, ReturnForm("attendance", csa_only=True), table, (entry,), desk)
    assert ["below compulsory school age" in fault.says for fault in RULES["of-age"].look(paper)] == [True]


@pytest.mark.parametrize(("confirmed", "found"), [(date(2026, 5, 29), 1), (date(2026, 5, 30), 0)])
def test_contact_details_are_six_months_old_to_the_day(look: Any, confirmed: date, found: int) -> None:
    assert len(look("contacts-fresh", events=(_at("contacts-confirmed", confirmed),))) == found


@pytest.mark.parametrize("written", ["A", " a ", "a"])
def test_a_ground_is_read_however_its_letter_was_typed(look: Any, written: str) -> None:
    assert look("ground", events=(_at("deletion-ground", outcome=written),)) == ()


def test_a_code_of_before_the_law_changed_is_right_on_its_own_date(look: Any) -> None:
    earlier = ((Session(date(2024, 7, 1), Period.AM), "H"),)
    assert look("code-valid", first=date(2024, 7, 1), last=date(2024, 7, 1), codes=earlier) == ()


def test_an_episode_that_was_taken_back_may_be_told_again(look: Any) -> None:
    sent = _at("return-line-sent", ref="attendance 2026-10", outcome="2026-10-01..2026-11-09")
    back = _at("return-line-retracted", ref="attendance 2026-10")
    assert look("already-reported", **SPAN, events=(sent, back)) == ()


@pytest.mark.parametrize("same", ["upn", "name"])
def test_one_child_in_two_lines_is_found_by_number_or_by_name_and_birth(desk: Desk, same: str) -> None:
    one, other = some_entries(2)
    pupil = replace(
        other.pupil,
        **({"upn": one.pupil.upn} if same == "upn" else {"surname": one.pupil.surname, "forename": one.pupil.forename,
                                                         "born": one.pupil.born}),
    )  # fmt: skip
    assert len(_lint(desk, [one, replace(other, pupil=pupil)], Check("duplicates"))) == 2
    assert _lint(desk, [one, other], Check("duplicates")) == ()


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (BadRow("marks.csv", 7, "the mark of 09/11/2026 AM comes with different codes", 1, "P0 09/11/2026 AM O"), 1),
        (BadRow("marks.csv", 7, "the mark of 09/11/2026 AM comes with different codes", 1, "P01 09/11/2026 AM O"), 0),
        (BadRow("pupils.csv", 3, "no surname", 0, "P0 ,,"), 0),
    ],
    ids=["of the pupil", "of another pupil", "no mark"],
)
def test_a_session_that_came_with_two_marks_stops_the_return_until_it_has_one(
    desk: Desk, row: BadRow, found: int
) -> None:
    (entry, *_) = some_entries(1)
    assert len(_lint(replace(desk, unread=(row,)), [entry], Check("duplicate-sessions"))) == found


def test_what_stops_comes_first_and_what_only_advises_lets_it_leave(desk: Desk) -> None:
    entry = replace(some_entries(1)[0], **_codes("N"), events=())
    checks = (Check("attempts", Weight.ADVISES), Check("n-left"))
    found = _lint(desk, [entry], *checks)
    assert [finding.rule for finding in found] == ["n-left", "attempts"]
    assert linted(found, "attendance 2026-11", ()).standing is Standing.NOT_READY
    assert linted(found[1:], "attendance 2026-11", ()).standing is Standing.READY


def test_an_override_names_who_and_why_and_holds_for_exactly_what_was_found(desk: Desk) -> None:
    entry = replace(some_entries(1)[0], **_codes("N"), events=())
    found = _lint(desk, [entry], Check("n-left"))
    event = Event(
        NOON, OVERRIDDEN, outcome=fingerprint(found), by="Head Example", note="asked", ref="attendance 2026-11"
    )
    held = linted(found, "attendance 2026-11", (event,))
    assert (held.standing, held.override and held.override.by) == (Standing.OVERRIDDEN, "Head Example")
    more = _lint(desk, [replace(entry, **_codes("N", "N"))], Check("n-left"))
    assert linted(more, "attendance 2026-11", (event,)).standing is Standing.NOT_READY
    assert linted(found, "attendance 2026-12", (event,)).standing is Standing.NOT_READY


def test_a_check_that_no_rule_does_is_refused_by_file_and_line(desk: Desk) -> None:
    with pytest.raises(ConfigurationError, match=r"made-up.yaml:7: no rule of the lint is called 'n-lft'"):
        _lint(desk, [], Check("n-lft", place="made-up.yaml:7"))
