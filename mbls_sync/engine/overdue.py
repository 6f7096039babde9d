"""A return whose day has passed unsent goes to the head: one task a return, whatever number of pupils stand in it.

A correction that was begun and is not sent is the officer's, for the LA still holds what is not so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from mbls_sync.engine.resolve import core_decision, end_of
from mbls_sync.engine.world import World
from mbls_sync.model.decisions import Decision
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.proposals import IncludeInReturn, RaiseTask, Rank

OVERDUE_RULE = "LA-09"
CITES = "School Attendance (Pupil Registration) (England) Regulations 2024"
UNSENT = (State.PLANNED, State.APPROVED)
SENT, CORRECTED = "return-sent", "return-corrected"


def overdue_returns(world: World, effects: Iterable[Effect]) -> list[Decision]:
    """What the head is asked about returns that are late, among all that is open."""
    late: dict[tuple[str, str], list[IncludeInReturn]] = {}
    for effect in effects:
        line = effect.proposal
        if effect.kind is Kind.RETURN_LINE and effect.state in UNSENT and isinstance(line, IncludeInReturn):
            late.setdefault((line.name, line.period), []).append(line)
    tasks = [task for key in sorted(late) if (task := _task(world, *key, late[key])) is not None]
    owed = _owed(world.events)
    tasks += [_owed_task(world, owed[ref]) for ref in sorted(owed)]
    return [core_decision(world, OVERDUE_RULE, CITES, task) for task in tasks]


def _owed(events: Iterable[Event]) -> dict[str, Event]:
    """The correction of each return that was begun last and not sent since, by what names the return."""
    owed: dict[str, Event] = {}
    for event in events:
        if event.kind == CORRECTED:
            owed[event.ref] = event
        elif event.kind == SENT:
            owed.pop(event.ref, None)
    return owed


def _owed_task(world: World, begun: Event) -> RaiseTask:
    name, _, period = begun.ref.partition(" ")
    on = begun.at.astimezone(world.calendar.zone)
    policy = world.policy()
    role = "roles.attendance_officer"
    return RaiseTask(
        kind="correction-owed",
        title=f"Send the LA the correction of the {name.replace('-', ' ')} return of {_said(period)}",
        why=f"It was begun on {on.day} {on:%B %Y} and is not sent: {begun.note or 'no reason was recorded'}",
        due=datetime.combine(on.date(), time(23, 59, 59), tzinfo=world.calendar.zone),
        role=policy.text(role) if policy.is_in_force(role) else "attendance officer",
        rank=Rank.CLOCK,
        occasion=f"{begun.ref} {on.isoformat(timespec='seconds')}",
        steps=(
            f"mbls-sync returns lint {name} --period '{period}'",
            f"mbls-sync send done '{begun.ref}' --by YOU, where a person carries it",
        ),
    )


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
