"""The rules of requests keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.requests import (
    grt_01_notice,
    grt_02_travel,
    loa_01_notice,
    loa_02_answer,
    loa_03_reason,
    loa_04_summary,
    loa_09_enter_leave,
    loa_10_not_granted,
    loa_11_after_start,
    loa_12_overstayed,
    loa_13_appointment,
    lun_01_consider,
    lun_02_answer,
    lun_03_review,
    lun_04_not_back,
    per_01_no_licence,
    per_03_each_day,
    per_05_hours_ledger,
    per_06_catch_up,
    rel_01_notice,
    rel_02_set_apart,
    rel_03_ask_body,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestLoa01Notice(RuleContract):
    module = loa_01_notice


class TestLoa02Answer(RuleContract):
    module = loa_02_answer


class TestLoa03Reason(RuleContract):
    module = loa_03_reason


class TestLoa04Summary(RuleContract):
    module = loa_04_summary


class TestLoa09EnterLeave(RuleContract):
    module = loa_09_enter_leave


class TestLoa10NotGranted(RuleContract):
    module = loa_10_not_granted


class TestLoa11AfterStart(RuleContract):
    module = loa_11_after_start


class TestLoa12Overstayed(RuleContract):
    module = loa_12_overstayed


class TestLoa13Appointment(RuleContract):
    module = loa_13_appointment


class TestPer01NoLicence(RuleContract):
    module = per_01_no_licence


class TestPer03EachDay(RuleContract):
    module = per_03_each_day


class TestPer05HoursLedger(RuleContract):
    module = per_05_hours_ledger


class TestPer06CatchUp(RuleContract):
    module = per_06_catch_up


class TestRel01Notice(RuleContract):
    module = rel_01_notice


class TestRel02SetApart(RuleContract):
    module = rel_02_set_apart


class TestRel03AskBody(RuleContract):
    module = rel_03_ask_body


class TestGrt01Notice(RuleContract):
    module = grt_01_notice


class TestGrt02Travel(RuleContract):
    module = grt_02_travel


class TestLun01Consider(RuleContract):
    module = lun_01_consider


class TestLun02Answer(RuleContract):
    module = lun_02_answer


class TestLun03Review(RuleContract):
    module = lun_03_review


class TestLun04NotBack(RuleContract):
    module = lun_04_not_back
