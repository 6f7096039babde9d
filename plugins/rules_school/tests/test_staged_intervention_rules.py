"""The rules of staged_intervention keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.staged_intervention import (
    pn_01_consider_notice,
    pn_02_which_notice,
    pn_03_notice_to_improve,
    stg_01_support_letter,
    stg_02_support_meeting,
    stg_03_review_meeting,
    stg_04_weekly_monitoring,
    stg_05_monitoring_period,
    stg_06_formal_review,
    stg_08_ewo_referral,
    stg_09_formal_meeting,
    stg_10_request_notice,
    stg_11_prosecution,
    stg_12_close_case,
    stg_13_keep_contact,
    stg_18_support_first,
    stg_19_severe_absence,
    stg_20_support_menu,
    stg_21_what_worked,
    stg_22_punctuality_letter,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestPn01ConsiderNotice(RuleContract):
    module = pn_01_consider_notice


class TestPn02WhichNotice(RuleContract):
    module = pn_02_which_notice


class TestPn03NoticeToImprove(RuleContract):
    module = pn_03_notice_to_improve


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


class TestStg09FormalMeeting(RuleContract):
    module = stg_09_formal_meeting


class TestStg10RequestNotice(RuleContract):
    module = stg_10_request_notice


class TestStg11Prosecution(RuleContract):
    module = stg_11_prosecution


class TestStg13KeepContact(RuleContract):
    module = stg_13_keep_contact


class TestStg18SupportFirst(RuleContract):
    module = stg_18_support_first


class TestStg19SevereAbsence(RuleContract):
    module = stg_19_severe_absence


class TestStg20SupportMenu(RuleContract):
    module = stg_20_support_menu


class TestStg21WhatWorked(RuleContract):
    module = stg_21_what_worked


class TestStg22PunctualityLetter(RuleContract):
    module = stg_22_punctuality_letter
