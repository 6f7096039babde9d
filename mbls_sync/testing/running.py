"""Runs one rule over a small world exactly as a pass would: the engine chooses the subjects and asks the rule."""

from __future__ import annotations

from types import ModuleType

from mbls_sync.declare import RuleInfo
from mbls_sync.engine.apply import judge
from mbls_sync.engine.world import World
from mbls_sync.model.decisions import Judged
from mbls_sync.model.proposals import Proposal
from mbls_sync.registry.check import implementations
from mbls_sync.registry.manager import BoundRule


def bind(module: ModuleType) -> BoundRule:
    """The one rule that a module holds, checked as at load. Raises PluginRefused, or ValueError where it is not one."""
    found = [
        BoundRule(it.info, it.hook, it.function, it.arguments, "under test")
        for it in implementations("under test", module)
        if isinstance(it.info, RuleInfo)
    ]
    if len(found) != 1:
        raise ValueError(f"{module.__name__} holds {len(found)} rules; keep one duty a file")
    return found[0]


def judged(rule: BoundRule, world: World) -> Judged:
    """What one round of judging with this rule alone gives."""
    return judge(world, lambda hook: (rule,) if hook == rule.judge else (), str).judged


def proposals(rule: BoundRule, world: World) -> tuple[Proposal, ...]:
    """What the rule asks for in that world. Raises AssertionError when it fails on any subject."""
    found = judged(rule, world)
    assert not found.failures, f"{rule.info.id} failed: {found.failures[0].error}"
    return tuple(decision.proposal for decision in found.decisions)
