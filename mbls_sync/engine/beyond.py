"""What falls due beyond the last school calendar that is known: it stands with the earliest day, and says so.

The calendar of the next year is asked for once, by one task, however many duties wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from mbls_sync.engine.world import World
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.decisions import Decision
from mbls_sync.model.proposals import DraftLetter, IncludeInReturn, OpenReferral, Proposal, RaiseTask, Rank


def says_so(decision: Decision, world: World) -> Decision:
    """The decision; of a task or a letter whose day is not known yet, with words that say it."""
    wanted, first = decision.proposal, world.calendar.unknown_from
    if not isinstance(wanted, RaiseTask | DraftLetter) or _day(wanted, world) != first:
        return decision
    year = AcademicYear.of(first)
    unknown = f"Its day, {_said(first)} or later, is not known before the calendar of {year} is there."
    return replace(decision, proposal=replace(wanted, why=f"{wanted.why} {unknown}"))


def calendar_task(decisions: Sequence[Decision], world: World, role: str, due: datetime) -> RaiseTask | None:
    """The one task for the calendar; None where nothing falls due in a year that is not known."""
    first = world.calendar.unknown_from
    waiting = sum((_day(decision.proposal, world) or date.min) >= first for decision in decisions)
    if not waiting:
        return None
    year = AcademicYear.of(first)
    return RaiseTask(
        kind="add-calendar",
        title=f"Add the school calendar of {year}",
        why=f"{waiting} {'duty falls' if waiting == 1 else 'duties fall'} due after the last calendar that is known; "
        f"until it is there, they stand under {_said(first)}.",
        due=due,
        role=role,
        rank=Rank.CLOCK,
        occasion=str(year),
        steps=(
            f"Copy the last file of config/calendar to {year}.yaml, and set its terms, INSET days and holidays.",
            "mbls-sync check says whether its dates hold together; the days of what waits are then counted anew.",
        ),
    )


def _day(proposal: Proposal, world: World) -> date | None:
    """The day on which it falls due at the school; None for what has none."""
    match proposal:
        case RaiseTask(due=due) | DraftLetter(due=due) | OpenReferral(due=due):
            return due.astimezone(world.calendar.zone).date()
        case IncludeInReturn(due=day):
            return day
        case _:
            return None


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
