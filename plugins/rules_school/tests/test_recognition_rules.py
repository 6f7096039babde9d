"""The rules of recognition keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.recognition import (
    rwd_01_assembly_sheet,
    rwd_02_best_class,
    rwd_03_praise_texts,
    rwd_04_certificates,
    rwd_05_badges,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestRwd03PraiseTexts(RuleContract):
    module = rwd_03_praise_texts


class TestRwd01AssemblySheet(RuleContract):
    module = rwd_01_assembly_sheet


class TestRwd02BestClass(RuleContract):
    module = rwd_02_best_class


class TestRwd04Certificates(RuleContract):
    module = rwd_04_certificates


class TestRwd05Badges(RuleContract):
    module = rwd_05_badges
