"""A return whose day has passed unsent goes to the head: one task a return, whatever number of pupils stand in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mbls_sync.engine.resolve import core_decision, end_of
from mbls_sync.engine.world import World
from mbls_sync.model.decisions import Decision
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.proposals import IncludeInReturn, RaiseTask, Rank

OVERDUE_RULE = "LA-09"
CITES = "School Attendance (Pupil Registration) (England) Regulations 2024"
UNSENT = (State.PLANNED, State.APPROVED)


def overdue_returns(world: World, effects: Iterable[Effect]) -> list[Decision]:
    """What the head is asked about returns that are late, among all that is open."""
    late: dict[tuple[str, str], list[IncludeInReturn]] = {}
    for effect in effects:
        line = effect.proposal
        if effect.kind is Kind.RETURN_LINE and effect.state in UNSENT and isinstance(line, IncludeInReturn):
            late.setdefault((line.name, line.period), []).append(line)
    tasks = [task for key in sorted(late) if (task := _task(world, *key, late[key])) is not None]
    return [core_decision(world, OVERDUE_RULE, CITES, task) for task in tasks]


def _task(world: World, name: str, period: str, lines: list[IncludeInReturn]) -> RaiseTask | None:
    due = min(line.due for line in lines)
    if due >= world.today:
        return None
    policy = world.policy()
    head = policy.text("roles.head") if policy.is_in_force("roles.head") else "headteacher"
    pupils = "1 pupil stands" if len(lines) == 1 else f"{len(lines)} pupils stand"
    return RaiseTask(
        kind="return-overdue",
        title=f"See that the LA gets the {name.replace('-', ' ')} return of {_said(period)}",
        why=f"It was due on {due.day} {due:%B %Y} and is not sent; {pupils} in it.",
        due=end_of(world),
        role=head,
        rank=Rank.CLOCK,
        occasion=f"{name} {period}",
        steps=(
            f"mbls-sync returns lint {name} --period '{period}'",
            "mbls-sync send done NAME --by YOU, where a person carries it",
        ),
    )


def _said(period: str) -> str:
    """A period as a person reads it: 16 November 2026, November 2026, or as it is written."""
    try:
        day = date.fromisoformat(period)
    except ValueError:
        pass
    else:
        return f"{day.day} {day:%B %Y}"
    try:
        return f"{date.fromisoformat(f'{period}-01'):%B %Y}"
    except ValueError:
        return period
