"""The rules of contacts keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.contacts import con_01_two_adults, con_02_two_numbers, con_03_contact_failed

from mbls_sync.testing.rule_contract import RuleContract


class TestCon01TwoAdults(RuleContract):
    module = con_01_two_adults


class TestCon02TwoNumbers(RuleContract):
    module = con_02_two_numbers


class TestCon03ContactFailed(RuleContract):
    module = con_03_contact_failed
