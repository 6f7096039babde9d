"""The rules of registers keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.registers import (
    reg_01_morning_register,
    reg_02_late_before_close,
    reg_03_late_after_close,
    reg_04_unexplained_at_close,
    reg_05_afternoon_register,
    reg_08_class_staff_code,
    reg_09_known_reason,
    reg_10_code_not_valid,
    reg_11_remote_education,
    reg_12_planned_closure,
    reg_13_amendment_incomplete,
    reg_15_fire_list,
    reg_17_unbooked_session,
    reg_18_left_without_reason,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestReg01MorningRegister(RuleContract):
    module = reg_01_morning_register


class TestReg02LateBeforeClose(RuleContract):
    module = reg_02_late_before_close


class TestReg03LateAfterClose(RuleContract):
    module = reg_03_late_after_close


class TestReg04UnexplainedAtClose(RuleContract):
    module = reg_04_unexplained_at_close


class TestReg05AfternoonRegister(RuleContract):
    module = reg_05_afternoon_register


class TestReg09KnownReason(RuleContract):
    module = reg_09_known_reason


class TestReg10CodeNotValid(RuleContract):
    module = reg_10_code_not_valid


class TestReg13AmendmentIncomplete(RuleContract):
    module = reg_13_amendment_incomplete


class TestReg15FireList(RuleContract):
    module = reg_15_fire_list


class TestReg08ClassStaffCode(RuleContract):
    module = reg_08_class_staff_code


class TestReg11RemoteEducation(RuleContract):
    module = reg_11_remote_education


class TestReg12PlannedClosure(RuleContract):
    module = reg_12_planned_closure


class TestReg17UnbookedSession(RuleContract):
    module = reg_17_unbooked_session


class TestReg18LeftWithoutReason(RuleContract):
    module = reg_18_left_without_reason
