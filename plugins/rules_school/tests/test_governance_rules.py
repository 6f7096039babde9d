"""The rules of governance keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.governance import (
    gov_01_policy_review,
    gov_02_tell_of_changes,
    gov_06_role_unfilled,
    gov_08_newly_at_risk,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestGov01PolicyReview(RuleContract):
    module = gov_01_policy_review
    speaks_of_nothing = "the review of the policy waits for no register"


class TestGov06RoleUnfilled(RuleContract):
    module = gov_06_role_unfilled
    speaks_of_nothing = "the roles of the policy wait for no register"


class TestGov08NewlyAtRisk(RuleContract):
    module = gov_08_newly_at_risk


class TestGov02TellOfChanges(RuleContract):
    module = gov_02_tell_of_changes
    speaks_of_nothing = "values that change with the school year wait for no register"
