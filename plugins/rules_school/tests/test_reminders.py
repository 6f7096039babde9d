"""The rule of reminders keeps the contract of rules, and every row of their table has its cases."""

from dataclasses import replace
from pathlib import Path

import pytest
from mbls_rules_school.reminders import rem_01_reminders

from mbls_sync.policy.reminders import reminders_in
from mbls_sync.testing.builders import the_parameters
from mbls_sync.testing.cases import load_cases
from mbls_sync.testing.rule_contract import RuleContract
from mbls_sync.testing.running import bind

CASES = Path(__file__).parents[1] / "cases" / "reminders"
ROWS = {row.name: dict(row.values[0].value)["id"] for row in reminders_in(the_parameters())}


def alone(case, name):
    """The case in a school whose table of reminders has this row only."""
    kept = {key: known for key, known in case.world.parameters.items() if key == name or key not in ROWS}
    return replace(case, world=replace(case.world, parameters=kept))


def cases_of(name):
    return [alone(case, name) for case in load_cases(CASES / f"{ROWS[name]}.yaml")]


class TestRem01Reminders(RuleContract):
    module = rem_01_reminders
    speaks_of_nothing = "its clock is the calendar's, which has begun by then"

    def cases(self):
        return [case for name in ROWS for case in cases_of(name)]


@pytest.mark.parametrize("name", ROWS)
def test_a_reminder_has_a_case_in_which_it_is_asked_and_one_in_which_it_is_not(name):
    cases = cases_of(name)
    for case in cases:
        case.check(bind(rem_01_reminders))
    assert {bool(case.wishes) for case in cases} == {True, False}
