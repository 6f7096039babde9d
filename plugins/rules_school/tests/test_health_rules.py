"""The rules of health keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.health import (
    hlt_01_long_illness,
    hlt_04_keep_in_touch,
    hlt_05_plan_return,
    hlt_08_review_adjustments,
    hlt_09_support_menu,
    hlt_10_reduced_timetable,
    hlt_11_check_adjustments,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestHlt01LongIllness(RuleContract):
    module = hlt_01_long_illness


class TestHlt04KeepInTouch(RuleContract):
    module = hlt_04_keep_in_touch


class TestHlt05PlanReturn(RuleContract):
    module = hlt_05_plan_return


class TestHlt08ReviewAdjustments(RuleContract):
    module = hlt_08_review_adjustments


class TestHlt09SupportMenu(RuleContract):
    module = hlt_09_support_menu


class TestHlt10ReducedTimetable(RuleContract):
    module = hlt_10_reduced_timetable


class TestHlt11CheckAdjustments(RuleContract):
    module = hlt_11_check_adjustments
