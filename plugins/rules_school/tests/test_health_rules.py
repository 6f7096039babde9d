"""The rules of health keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.health import hlt_01_long_illness

from mbls_sync.testing.rule_contract import RuleContract


class TestHlt01LongIllness(RuleContract):
    module = hlt_01_long_illness
