"""The codes that the MIS is held to before the first write are those that the rules set by themselves."""

from datetime import date

import pytest

from mbls_sync.engine.limits import codes_of_policy
from mbls_sync.model.subjects import UNEXPLAINED_CODE
from mbls_sync.policy.view import PolicyAt
from mbls_sync.testing.builders import the_codebook, the_parameters


@pytest.mark.parametrize("day", [date(2024, 9, 2), date(2026, 11, 9)])
def test_every_code_that_a_rule_may_set_is_among_them_and_each_is_a_national_one(day: date) -> None:
    policy = PolicyAt(the_parameters(), day)
    by_a_person = policy.table("classification.decided_by")
    reasons = set(policy.table("classification.reason_to_code").values()) - set(by_a_person)
    late = {policy.text(f"registers.late_{when}_close") for when in ("before", "after")}
    late |= set(policy.text("registers.late_reason_codes").split())
    wanted = reasons | late | {UNEXPLAINED_CODE, policy.text("n_to_o.code")}
    assert wanted <= codes_of_policy(policy)
    assert codes_of_policy(policy) <= {entry.code for entry in the_codebook().codes_on(day)}
