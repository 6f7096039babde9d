"""Compares what a rule asks for with what a case expects, and says in words where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, IntEnum
from typing import Any

from mbls_sync.model.proposals import (
    AddToSheet,
    DraftLetter,
    IncludeInReturn,
    OpenReferral,
    Proposal,
    RaiseTask,
    SetCode,
)
from mbls_sync.policy.yaml_text import Node

SORTS: Mapping[str, tuple[type[Any], str]] = {
    "task": (RaiseTask, "kind"),
    "letter": (DraftLetter, "template"),
    "code": (SetCode, "code"),
    "return": (IncludeInReturn, "name"),
    "referral": (OpenReferral, "kind"),
    "sheet": (AddToSheet, "sheet"),
}
"""The word that begins an expectation, what it is, and the field that the word names."""

CONTAINED = ("why", "title", "say", "cause", "reason", "steps")
"""Fields of prose: the expected words must stand in them, of a list in one of its lines."""


@dataclass(frozen=True)
class Wish:
    """One thing a case expects: its sort, and the fields that matter."""

    sort: str
    fields: Mapping[str, str | Mapping[str, str]]

    def __str__(self) -> str:
        return "{" + ", ".join(f"{name}: {value}" for name, value in self.fields.items()) + "}"


def wish(node: Node) -> Wish:
    """Read one expectation, such as `{task: call-home, role: office}`."""
    said = node.table("an expectation")
    sort = next(iter(said), "")
    if sort not in SORTS:
        raise node.refuse(f"an expectation begins with one of {', '.join(SORTS)}")
    return Wish(sort, {name: _plain(item) for name, item in said.items()})


def differences(wishes: Sequence[Wish], found: Sequence[Proposal]) -> str:
    """What is missing and what is too much, in words; empty where both agree, in any order."""
    left = list(found)
    missing: list[Wish] = []
    for wanted in wishes:
        match = next((proposal for proposal in left if matches(wanted, proposal)), None)
        if match is None:
            missing.append(wanted)
        else:
            left.remove(match)
    lines = [f"did not ask for {wanted}" for wanted in missing]
    lines += [f"also asked for {proposal}" for proposal in left]
    return "\n  ".join(lines)


def matches(wanted: Wish, proposal: Proposal) -> bool:
    """Whether a proposal is of the expected sort and agrees in every field that the expectation names."""
    kind, named = SORTS[wanted.sort]
    if not isinstance(proposal, kind):
        return False
    return all(
        _agrees(named if name == wanted.sort else name, value, proposal) for name, value in wanted.fields.items()
    )


def is_about(proposal: Proposal, prefix: str) -> bool:
    """Whether a proposal is about a pupil whose id begins with `prefix`."""
    subject = proposal.subject if isinstance(proposal, SetCode) else proposal
    return str(getattr(subject, "pupil", None) or "").startswith(prefix)


def _agrees(name: str, wanted: str | Mapping[str, str], proposal: Proposal) -> bool:
    holder: Any = proposal.subject if isinstance(proposal, SetCode) and not hasattr(proposal, name) else proposal
    if not hasattr(holder, name):
        return False
    value = getattr(holder, name)
    if isinstance(wanted, Mapping):
        pairs = dict(value)
        return all(pairs.get(label) == text for label, text in wanted.items())
    shown = _shown(value)
    if name in CONTAINED:
        return wanted.casefold() in shown.casefold()
    return wanted == shown or (isinstance(value, datetime) and wanted == value.date().isoformat())


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return "\n".join(map(_shown, value))
    return "" if value is None else str(value)


def _plain(node: Node) -> str | Mapping[str, str]:
    if isinstance(node.value, Mapping):
        return {label: item.text(label) for label, item in node.value.items()}
    return node.text()
