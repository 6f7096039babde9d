"""The School Attendance Intervention Chronology: what was done, when, by whom, and what came of it."""

from __future__ import annotations

from mbls_packets.case import LEAVE_DECIDED, requests_for_leave, said_kind
from mbls_sync.api import Cell, Evidence, PolicyAt, TableSection

OFFICE = ("task-", "effect-")
"""How the kinds of events begin that are the office's own bookkeeping and no step of a case."""


def chronology(evidence: Evidence) -> TableSection:
    """Every recorded step of the case, oldest first."""
    zone = evidence.at.tzinfo
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            event.at.astimezone(zone).date(),
            f"{event.at.astimezone(zone):%H:%M}",
            event.kind.replace("-", " "),
            ", ".join(filter(None, (event.outcome, event.note))),
            ", ".join(filter(None, (event.by, event.role))),
        )
        for event in evidence.events
        if not event.kind.startswith(OFFICE)
    )
    columns = ("Date", "Time", "What was done", "What came of it", "By")
    return TableSection("School Attendance Intervention Chronology", columns, rows)


def messages(evidence: Evidence) -> TableSection:
    """Every message from home about an absence, oldest first."""
    zone = evidence.at.tzinfo
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (m.received_at.astimezone(zone).date(), m.sender, m.reason, m.expected_return) for m in evidence.messages
    )
    return TableSection("Messages from home", ("Date", "From", "Reason given", "Expected back"), rows)


def leave_requests(evidence: Evidence, policy: PolicyAt) -> TableSection:
    """Every request for leave; the decision stands in the chronology. What is none for leave is counted above."""
    zone, asked = evidence.at.tzinfo, requests_for_leave(evidence, policy)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (r.received_at.astimezone(zone).date(), r.first, r.last, said_kind(r, policy), r.purpose, r.reason)
        for r in asked
    )
    apart = len(evidence.requests) - len(asked)
    intro = f"Left out, as no requests for leave: {apart} about an appointment or lunch." if apart else ""
    return TableSection("Requests for leave", ("Received", "From", "To", "Kind", "Purpose", "Reason"), rows, intro)


def decisions(evidence: Evidence) -> TableSection:
    """How the head decided each request for leave; the letter that said so goes with the packet."""
    zone = evidence.at.tzinfo
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            event.at.astimezone(zone).date(),
            event.kind.replace("-", " "),
            ", ".join(filter(None, (event.outcome, event.note))),
            ", ".join(filter(None, (event.by, event.role))),
        )
        for event in evidence.events
        if event.kind in LEAVE_DECIDED
    )
    return TableSection("Decisions on leave", ("Date", "Decision", "Why", "By"), rows)
