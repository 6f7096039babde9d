"""The lint of what leaves the school: each receiver's rules, one by one, in words with the mend and its owner.

A paper of any sort is linted so: a return by what its LA's profile lists, a packet by what its receiver asks for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mbls_sync.errors import ConfigurationError
from mbls_sync.model.happenings import Event
from mbls_sync.model.la_profile import Check, Weight
from mbls_sync.model.lint import Fault, Finding, Linted, Override
from mbls_sync.policy.view import PolicyAt

PaperT = TypeVar("PaperT")

OVERRIDDEN = "lint-overridden"
"""The event of an override. `ref` is the paper, `outcome` the fingerprint of what was overridden, `note` why."""


@dataclass(frozen=True)
class LintRule(Generic[PaperT]):
    """One rule: what it wants, whose it is to mend (the last part of a parameter `roles.…`), and how it looks."""

    id: str
    title: str
    owner: str
    look: Callable[[PaperT], Iterable[Fault]]


def lint(
    paper: PaperT, checks: Sequence[Check], rules: Mapping[str, LintRule[PaperT]], policy: PolicyAt
) -> tuple[Finding, ...]:
    """What the receiver's checks find in a paper: those that stop it first, then by rule, in the order of its lines.

    Raises ConfigurationError, with file and line, for a check that no rule does.
    """
    known = [(check, the_rule(check, rules)) for check in checks]
    found = [
        Finding(
            rule.id,
            rule.title,
            check.weight,
            fault.says,
            fault.mend,
            fault.owner or _owner(rule, policy),
            check.source,
            fault.pupil,
        )
        for check, rule in known
        for fault in rule.look(paper)
    ]
    return tuple(sorted(found, key=lambda finding: (finding.weight is not Weight.STOPS, finding.rule)))


def the_rule(check: Check, rules: Mapping[str, LintRule[PaperT]]) -> LintRule[PaperT]:
    """The rule that a receiver's check names. Raises ConfigurationError where there is none."""
    if check.rule not in rules:
        where = f"{check.place}: " if check.place else ""
        raise ConfigurationError(f"{where}no rule of the lint is called {check.rule!r}; there are: {', '.join(rules)}")
    return rules[check.rule]


def linted(findings: Sequence[Finding], ref: str, events: Iterable[Event]) -> Linted:
    """The findings with the latest override that was given for exactly what stops the paper now, if any."""
    print_ = fingerprint(findings)
    given = [e for e in events if e.kind == OVERRIDDEN and e.ref == ref and e.outcome == print_]
    override = Override(given[-1].by, given[-1].at, given[-1].note) if given else None
    return Linted(tuple(findings), override)


def fingerprint(findings: Iterable[Finding]) -> str:
    """Names what stops a paper. An override holds for this alone: a further fault stops the paper again."""
    stops = sorted((f.rule, f.pupil or "", f.says) for f in findings if f.weight is Weight.STOPS)
    return hashlib.sha256(json.dumps(stops, ensure_ascii=True).encode()).hexdigest()[:16]


def _owner(rule: LintRule[PaperT], policy: PolicyAt) -> str:
    name = f"roles.{rule.owner}"
    return policy.text(name) if policy.is_in_force(name) else rule.owner.replace("_", " ")
