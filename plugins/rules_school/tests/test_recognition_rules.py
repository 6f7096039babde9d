"""The rules of recognition keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.recognition import rwd_03_praise_texts

from mbls_sync.testing.rule_contract import RuleContract


class TestRwd03PraiseTexts(RuleContract):
    module = rwd_03_praise_texts
