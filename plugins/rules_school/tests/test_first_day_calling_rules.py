"""The rules of first_day_calling keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.first_day_calling import (
    fdc_01_message_without_reason,
    fdc_02_message_without_return,
    fdc_03_call_home,
    fdc_04_call_others,
    fdc_05_assess_risk,
    fdc_06_n_list,
    fdc_09_warn_of_visit,
    fdc_10_home_visit,
    fdc_11_n_becomes_o,
    fdc_12_follow_up,
    fdc_13_further_day,
    fdc_14_not_back,
    fdc_16_frequent_illness,
    fdc_17_appointment_evidence,
    fdc_18_tell_worker,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestFdc01MessageWithoutReason(RuleContract):
    module = fdc_01_message_without_reason


class TestFdc02MessageWithoutReturn(RuleContract):
    module = fdc_02_message_without_return


class TestFdc03CallHome(RuleContract):
    module = fdc_03_call_home


class TestFdc04CallOthers(RuleContract):
    module = fdc_04_call_others


class TestFdc05AssessRisk(RuleContract):
    module = fdc_05_assess_risk


class TestFdc06NList(RuleContract):
    module = fdc_06_n_list


class TestFdc09WarnOfVisit(RuleContract):
    module = fdc_09_warn_of_visit


class TestFdc10HomeVisit(RuleContract):
    module = fdc_10_home_visit


class TestFdc11NBecomesO(RuleContract):
    module = fdc_11_n_becomes_o


class TestFdc12FollowUp(RuleContract):
    module = fdc_12_follow_up


class TestFdc13FurtherDay(RuleContract):
    module = fdc_13_further_day


class TestFdc14NotBack(RuleContract):
    module = fdc_14_not_back


class TestFdc16FrequentIllness(RuleContract):
    module = fdc_16_frequent_illness


class TestFdc17AppointmentEvidence(RuleContract):
    module = fdc_17_appointment_evidence


class TestFdc18TellWorker(RuleContract):
    module = fdc_18_tell_worker
