"""The rules of monitoring keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.monitoring import (
    mon_01_whole_school_sheet,
    mon_02_weekly_rows,
    mon_03_factors,
    mon_04_vulnerable_review,
    mon_05_all_pupils,
    mon_11_staff_report,
    mon_13_bulletin,
    mon_14_parents_statement,
    mon_15_vulnerable_list,
    mon_16_pattern,
    mon_17_punctuality,
    mon_18_escalation,
    mon_19_reasons_known,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestMon01WholeSchoolSheet(RuleContract):
    module = mon_01_whole_school_sheet


class TestMon02WeeklyRows(RuleContract):
    module = mon_02_weekly_rows


class TestMon03Factors(RuleContract):
    module = mon_03_factors
    speaks_of_nothing = "what weighed on attendance was recorded, whether or not a register was taken"


class TestMon04VulnerableReview(RuleContract):
    module = mon_04_vulnerable_review


class TestMon05AllPupils(RuleContract):
    module = mon_05_all_pupils


class TestMon11StaffReport(RuleContract):
    module = mon_11_staff_report


class TestMon13Bulletin(RuleContract):
    module = mon_13_bulletin


class TestMon14ParentsStatement(RuleContract):
    module = mon_14_parents_statement


class TestMon15VulnerableList(RuleContract):
    module = mon_15_vulnerable_list
    speaks_of_nothing = "who is vulnerable is known of pupils, not of marks"


class TestMon16Pattern(RuleContract):
    module = mon_16_pattern


class TestMon17Punctuality(RuleContract):
    module = mon_17_punctuality


class TestMon18Escalation(RuleContract):
    module = mon_18_escalation


class TestMon19ReasonsKnown(RuleContract):
    module = mon_19_reasons_known
