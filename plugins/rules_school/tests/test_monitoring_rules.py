"""The rules of monitoring keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.monitoring import mon_01_whole_school_sheet

from mbls_sync.testing.rule_contract import RuleContract


class TestMon01WholeSchoolSheet(RuleContract):
    module = mon_01_whole_school_sheet
