"""The rules are those that were agreed: none vanishes in a change of code without being seen."""

from pathlib import Path

from mbls_sync.registry.manager import build_registry

LIST = Path(__file__).with_name("rule_ids.txt")


def test_the_rules_are_those_of_the_list():
    """After adding or retiring a rule on purpose, change tests/house/rule_ids.txt with it."""
    assert LIST.read_text(encoding="utf-8").split() == [bound.info.id for bound in build_registry().bound]
