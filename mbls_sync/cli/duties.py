"""What `mbls-sync plugins --duties` shows: each duty of the policy, who sees to it, and what proves it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path

from mbls_sync.policy.coverage import By, Duty
from mbls_sync.policy.proofs import CaseName, case_names, reminder_cases, rule_cases
from mbls_sync.registry.manager import BoundRule, Registry

COLUMNS = ("duty", "title", "section", "by", "where", "proof")
READS_REMINDERS = "judge_reminder"
"""The hook of the rule that reads the table of reminders."""


def rows(duties: Sequence[Duty], registry: Registry) -> Iterator[dict[str, str]]:
    """One row a duty, in the list's order."""
    for duty in duties:
        yield {
            "duty": duty.id,
            "title": duty.title,
            "section": duty.section,
            "by": "nobody yet" if duty.by is By.LATER else duty.by.value,
            "where": duty.where,
            "proof": "; ".join(proofs(duty, registry)),
        }


def proofs(duty: Duty, registry: Registry) -> tuple[str, ...]:
    """What proves a duty: the case of a rule or a reminder as `file: name`, or the test of the core.

    Nothing where a person sees to it, or where an installed plugin came without its cases.
    """
    if duty.by is By.CORE:
        return (duty.proof,) if duty.proof else ()
    asking = [case for case in cases(duty, registry) if case.asks]
    named = [case for case in asking if case.name == duty.proof] if duty.proof else asking[:1]
    return tuple(f"{case.file.name}: {case.name}" for case in named)


def cases(duty: Duty, registry: Registry) -> tuple[CaseName, ...]:
    """Every case of the rule or of the reminders that see to a duty."""
    return tuple(case for file in _files(duty, registry) if file is not None for case in case_names(file))


def _files(duty: Duty, registry: Registry) -> Iterator[Path | None]:
    if duty.by is By.RULE:
        yield from (rule_cases(_file(rule)) for rule in registry.bound if rule.info.id == duty.where)
    elif duty.by is By.REMINDER:
        readers = [_file(rule) for rule in registry.rules(READS_REMINDERS)]
        yield from (reminder_cases(file, id.strip()) for file in readers for id in duty.where.split(";"))


def _file(rule: BoundRule) -> Path:
    return Path(inspect.getfile(rule.function))
