"""The rules of staged_intervention keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.staged_intervention import (
    pn_01_consider_notice,
    stg_01_support_letter,
    stg_02_support_meeting,
    stg_03_review_meeting,
    stg_04_weekly_monitoring,
    stg_05_monitoring_period,
    stg_06_formal_review,
    stg_08_ewo_referral,
    stg_12_close_case,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestPn01ConsiderNotice(RuleContract):
    module = pn_01_consider_notice


class TestStg01SupportLetter(RuleContract):
    module = stg_01_support_letter


class TestStg02SupportMeeting(RuleContract):
    module = stg_02_support_meeting


class TestStg03ReviewMeeting(RuleContract):
    module = stg_03_review_meeting


class TestStg04WeeklyMonitoring(RuleContract):
    module = stg_04_weekly_monitoring


class TestStg05MonitoringPeriod(RuleContract):
    module = stg_05_monitoring_period


class TestStg06FormalReview(RuleContract):
    module = stg_06_formal_review


class TestStg08EwoReferral(RuleContract):
    module = stg_08_ewo_referral


class TestStg12CloseCase(RuleContract):
    module = stg_12_close_case
