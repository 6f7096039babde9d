"""The rules of requests keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.requests import loa_01_notice, loa_04_summary, loa_06_unauthorised_record

from mbls_sync.testing.rule_contract import RuleContract


class TestLoa01Notice(RuleContract):
    module = loa_01_notice


class TestLoa04Summary(RuleContract):
    module = loa_04_summary


class TestLoa06UnauthorisedRecord(RuleContract):
    module = loa_06_unauthorised_record
