"""When each return is due: those that have a line, and the next of those that go to the LA at intervals."""

from __future__ import annotations

from collections.abc import Collection

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.return_entries import due_without_lines, frequency_of, open_returns, returns_due
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.papers import ReturnDue

AT_INTERVALS = ("monthly", "termly")


def ahead(desk: Desk, names: Collection[str]) -> tuple[ReturnDue, ...]:
    """Every return of this academic year that has a line, each earlier one that is not sent, and what comes next.

    What comes next is, of `names`, the present month's or term's, though nobody stands in it yet.
    """
    since, waiting = AcademicYear.of(desk.now.date()).first, {_key(due) for due in open_returns(desk)}
    found = [due for due in returns_due(desk) if due.due >= since or _key(due) in waiting]
    listed = set(map(_key, found))
    for name in sorted(names):
        if frequency_of(name, desk) in AT_INTERVALS:
            due = due_without_lines(name, desk)
            if _key(due) not in listed and due.due >= desk.now.date():
                found.append(due)
    return tuple(sorted(found, key=lambda due: (due.due, due.name, due.period)))


def _key(due: ReturnDue) -> tuple[str, str]:
    return due.name, due.period
