"""When each return is due: those that have a line, and the next of those that go to the LA at intervals."""

from __future__ import annotations

from collections.abc import Collection

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.return_entries import due_without_lines, frequency_of, returns_due
from mbls_sync.model.papers import ReturnDue

AT_INTERVALS = ("monthly", "termly")


def ahead(desk: Desk, names: Collection[str]) -> tuple[ReturnDue, ...]:
    """Every return that has a line, and of `names` the present month's or term's though nobody stands in it yet."""
    found = list(returns_due(desk))
    listed = {(due.name, due.period) for due in found}
    for name in sorted(names):
        if frequency_of(name, desk) in AT_INTERVALS:
            due = due_without_lines(name, desk)
            if (due.name, due.period) not in listed and due.due >= desk.now.date():
                found.append(due)
    return tuple(sorted(found, key=lambda due: (due.due, due.name, due.period)))
