"""Says in a few words what a proposal asks for and by when, for tables."""

from __future__ import annotations

from datetime import date, datetime

from mbls_sync.model.proposals import (
    AddToSheet,
    DraftLetter,
    IncludeInReturn,
    OpenReferral,
    Proposal,
    RaiseTask,
    SetCode,
)


def what_of(proposal: Proposal) -> str:
    """What is asked for, without a pupil's name."""
    match proposal:
        case SetCode():
            return f"{proposal.subject.session}: {proposal.subject.code or 'no mark'} → {proposal.code}"
        case RaiseTask() | DraftLetter():
            return proposal.title
        case IncludeInReturn():
            return f"{proposal.name} {proposal.period}: {proposal.cause}"
        case OpenReferral():
            return proposal.title or f"{proposal.kind} packet: {proposal.cause}"
        case AddToSheet():
            return f"{proposal.sheet}: {proposal.key}"


def when_of(proposal: Proposal) -> datetime | date | None:
    """By when, where there is a time."""
    return None if isinstance(proposal, SetCode | AddToSheet) else proposal.due


def why_of(proposal: Proposal) -> str:
    """The reason in the words of the card; nothing where what is asked for says it already."""
    return proposal.why if isinstance(proposal, RaiseTask | DraftLetter) else ""
