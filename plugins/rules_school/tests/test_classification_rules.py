"""The rules of classification keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.classification import cls_12_sixth_day

from mbls_sync.testing.rule_contract import RuleContract


class TestCls12SixthDay(RuleContract):
    module = cls_12_sixth_day
