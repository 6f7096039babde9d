"""`mbls-sync tasks`: the attendance officer's list; marks a task done, notes something on it, or puts it off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption, moment
from mbls_sync.cli.desks import desk_at, the_effect
from mbls_sync.cli.groups import ListByDefault
from mbls_sync.cli.show import Format, FormatOption, console, say, show
from mbls_sync.cli.task_list_text import task_list_text
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.cli.wording import what_of
from mbls_sync.delivery.alike import alike as alike_of
from mbls_sync.delivery.cards import Task
from mbls_sync.delivery.desk import TO_DO
from mbls_sync.delivery.task_list import TaskList, build
from mbls_sync.engine.steps import DONE, SNOOZED
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.deliveries import Effect, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import DraftLetter, IncludeInReturn, RaiseTask, recorded_as
from mbls_sync.store import inputs, outbox
from mbls_sync.store.database import Tx

app = typer.Typer(
    cls=ListByDefault,
    add_completion=False,
    help="List the attendance officer's tasks; mark one done, noted or put off.",
)

COLUMNS = ("id", "when", "section", "due", "upn", "name", "class", "task", "why", "policy", "rule", "role")
SOURCE = "mbls-sync tasks"
NOTE = "note"

IdArgument = Annotated[str, typer.Argument(help="The task's id, or its beginning.", metavar="ID")]
ByOption = Annotated[str, typer.Option("--by", help="Who did it.", metavar="NAME")]
AlikeOption = Annotated[
    bool, typer.Option("--alike", help="And all that stand under the same heading of the list, each for its pupil.")
]
NoteOption = Annotated[str, typer.Option("--note", help="Whatever should be remembered.", metavar="TEXT")]


@app.command("list")
def list_tasks(
    ctx: typer.Context, at: AtOption = None, hindsight: HindsightOption = False, form: FormatOption = Format.TABLE
) -> None:
    """Show the list, in the order of work."""
    office = open_office(_folder(ctx))
    with office.store() as store:
        tasks = build(desk_at(office, store, at, hindsight))
    if form is Format.TABLE:
        console().print(task_list_text(tasks))
    else:
        show(list(rows(tasks)), COLUMNS, form, head={"at": tasks.now, "pulled_at": tasks.pulled_at})


@app.command()
def done(
    ctx: typer.Context,
    id: IdArgument,
    outcome: Annotated[str, typer.Option("--outcome", help="How it ended.", metavar="TEXT")] = "",
    note: NoteOption = "",
    by: ByOption = "",
    alike: AlikeOption = False,
) -> None:
    """Say that a task is done; it is recorded in the pupil's chronology."""
    office = open_office(_folder(ctx))
    now = office.local_now()
    with office.store() as store, store.begin() as tx:
        found = _named(tx, id, alike, now)
        for effect in found:
            _check_outcome(effect, outcome)
            kind = _done_as(effect)
            event = _event(office, effect, kind, now, by, note, outcome)
            if not outbox.move(tx, effect.key, State.VERIFIED, reason=f"{kind} was recorded", now=now, expect=_OPEN):
                raise ConfigurationError(f"{id} is {effect.state} already ({effect.reason}); nothing was recorded")
            inputs.append(tx, [replace(event, pupil=pupil) for pupil in _whose(effect)], now, SOURCE)
    say(f"done: {_counted(found)}")


@app.command()
def sent(
    ctx: typer.Context,
    template: Annotated[str, typer.Argument(help="The letter, such as praise-text.", metavar="LETTER")],
    by: ByOption = "",
) -> None:
    """Say that every open draft of one letter was sent or given; each is recorded in its pupil's chronology."""
    office = open_office(_folder(ctx))
    now = office.local_now()
    with office.store() as store, store.begin() as tx:
        found = [effect for effect in outbox.load(tx, only_open=True) if _is_draft_of(effect, template)]
        if not found:
            raise ConfigurationError(f"no draft of {template!r} is open; nothing was recorded")
        for effect in found:
            kind = _done_as(effect)
            outbox.move(tx, effect.key, State.VERIFIED, reason=f"{kind} was recorded", now=now, expect=_OPEN)
            inputs.append(tx, [_event(office, effect, kind, now, by, "", "")], now, SOURCE)
    say(f"done: {len(found)} of {template}")


@app.command()
def note(
    ctx: typer.Context,
    id: IdArgument,
    text: Annotated[str, typer.Argument(help="What should be remembered.", metavar="TEXT")],
    by: ByOption = "",
) -> None:
    """Write a note on a task; it stays open."""
    office = open_office(_folder(ctx))
    now = office.local_now()
    with office.store() as store, store.begin() as tx:
        effect = the_effect(tx, id)
        inputs.append(tx, [_event(office, effect, NOTE, now, by, text, "")], now, SOURCE)
    say(f"noted: {_title(effect)}")


@app.command()
def snooze(
    ctx: typer.Context,
    id: IdArgument,
    until: Annotated[
        str,
        typer.Argument(
            help="A date, from whose morning on it is back, or a time such as 2026-11-25T10:00.", metavar="WHEN"
        ),
    ],
    note: NoteOption = "",
    by: ByOption = "",
    alike: AlikeOption = False,
) -> None:
    """Put a task off; it comes back by itself."""
    office = open_office(_folder(ctx))
    now = office.local_now()
    when = _until(until, office)
    if when <= now:
        raise ConfigurationError(f"{until!r} is not ahead of now ({now:%Y-%m-%d %H:%M}); name a later time")
    with office.store() as store, store.begin() as tx:
        found = _named(tx, id, alike, now)
        for effect in found:
            if not effect.state.is_open:
                raise ConfigurationError(f"{id} is {effect.state} already ({effect.reason}); nothing is put off")
            inputs.append(tx, [_event(office, effect, SNOOZED, now, by, note, when.isoformat())], now, SOURCE)
            reason = f"put off until {when:%d %B %Y %H:%M}"
            outbox.put(tx, replace(effect, snoozed_until=when, changed_at=now, reason=reason), f"update: {reason}")
    say(f"put off until {when:%Y-%m-%d %H:%M}: {_counted(found)}")


def rows(tasks: TaskList) -> Iterator[dict[str, Any]]:
    """One row a task: today's in the order of the list, then what is due later, then what was inherited."""
    for section in tasks.sections:
        yield from (_row(task, "today", section.heading) for task in section.tasks)
    yield from (_row(task, "later", "Due later") for task in tasks.later)
    yield from (_row(task, "inherited", "Already so before going live") for task in tasks.inherited)


_OPEN = tuple(state for state in State if state.is_open)


def _row(task: Task, when: str, section: str) -> dict[str, Any]:
    return {
        "id": task.id,
        "when": when,
        "section": section,
        "due": task.due,
        "upn": task.pupil,
        "name": task.name,
        "class": task.class_name,
        "task": task.title,
        "why": task.why,
        "policy": task.policy,
        "rule": task.rule,
        "role": task.role,
        "kind": task.kind,
        "late": task.is_late,
        "outcomes": list(task.outcomes),
    }


def _folder(ctx: typer.Context) -> Any:
    return ctx.find_root().obj


def _until(text: str, office: Office) -> datetime:
    try:
        return moment(_from_its_morning(text), office.zone, office.clock())
    except ConfigurationError:
        raise ConfigurationError(f"{text!r} is no date or time; write it as 2026-11-25 or 2026-11-25T10:00") from None


def _from_its_morning(text: str) -> str:
    """A date alone as its first minute: what is put off until Monday stands on Monday's first list."""
    try:
        return f"{date.fromisoformat(text)}T00:00"
    except ValueError:
        return text


def _check_outcome(effect: Effect, outcome: str) -> None:
    offered = effect.proposal.outcomes if isinstance(effect.proposal, RaiseTask) else ()
    if offered and outcome not in offered:
        said = f"{outcome!r} is none of this task's outcomes" if outcome else "this task wants to know how it ended"
        raise ConfigurationError(f"{said}; say --outcome and one of: {', '.join(offered)}")


def _done_as(effect: Effect) -> str:
    if isinstance(effect.proposal, IncludeInReturn):
        raise ConfigurationError(
            "a line of a return is done when the return is sent; where a person carried it: mbls-sync send done "
            f"'{effect.proposal.name} {effect.proposal.period}' --by NAME"
        )
    return recorded_as(effect.proposal) or DONE


def _event(office: Office, effect: Effect, kind: str, now: datetime, by: str, note: str, outcome: str) -> Event:
    role = getattr(effect.proposal, "role", "")
    person = by or office.settings.school.attendance_officer
    about = effect.proposal.about if isinstance(effect.proposal, RaiseTask) and kind == _done_as(effect) else ""
    ref = about or effect.key
    return Event(at=now, kind=kind, pupil=effect.pupil, outcome=outcome, by=person, role=role, note=note, ref=ref)


def _whose(effect: Effect) -> tuple[PupilId | None, ...]:
    """Whose cases a task is a step of: a card with a line a pupil is one of each."""
    each = effect.proposal.each if isinstance(effect.proposal, RaiseTask) else ()
    return each or (effect.pupil,)


def _is_draft_of(effect: Effect, template: str) -> bool:
    """Whether it is a draft that waits for a person; what was inherited is not sent in bulk."""
    letter = effect.proposal
    return isinstance(letter, DraftLetter) and letter.template == template and effect.state in TO_DO


def _named(tx: Tx, id: str, with_alike: bool, now: datetime) -> tuple[Effect, ...]:
    effect = the_effect(tx, id)
    return alike_of(effect, outbox.load(tx, only_open=True), now) if with_alike else (effect,)


def _counted(found: tuple[Effect, ...]) -> str:
    return _title(found[0]) if len(found) == 1 else f"{len(found)} of: {_title(found[0])}"


def _title(effect: Effect) -> str:
    return what_of(effect.proposal)
