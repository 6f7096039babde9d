"""`mbls-sync returns acknowledge|query|correct|retract`: what the LA said of a return, and what takes its place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mbls_sync.cli.desks import desk_now
from mbls_sync.cli.returns_asked import ByOption, NameArgument, PeriodOption, person, the_return, the_writer
from mbls_sync.cli.show import say
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery.falling_due import RETURNS
from mbls_sync.delivery.return_entries import RETRACTED, ref_of
from mbls_sync.delivery.return_states import (
    ACKNOWLEDGED,
    CORRECTED,
    QUERIED,
    SENT,
    sent,
    told_and_not_taken_back,
)
from mbls_sync.delivery.returns import write_return
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import ReturnDue
from mbls_sync.model.sendings import SendState
from mbls_sync.store import inputs, sendings
from mbls_sync.store.database import Store, Tx

SOURCE = "mbls-sync returns"

NoteOption = Annotated[str, typer.Option("--note", help="What the LA said, its reference.", metavar="TEXT")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands with the return.", metavar="TEXT")]


def acknowledge(
    ctx: typer.Context, name: NameArgument, period: PeriodOption = "", note: NoteOption = "", by: ByOption = ""
) -> None:
    """Record that the LA has a return and is content with it."""
    ref = _said_of(ctx, name, period, ACKNOWLEDGED, note, by, SendState.ACKNOWLEDGED)
    say(f"recorded: the LA has {ref}")


def query(
    ctx: typer.Context, name: NameArgument, note: NoteOption, period: PeriodOption = "", by: ByOption = ""
) -> None:
    """Record that the LA asks about a return; `returns correct` then writes what takes its place."""
    ref = _said_of(ctx, name, period, QUERIED, note, by, SendState.QUERIED)
    say(f"recorded: the LA asks about {ref}. If something is wrong: mbls-sync returns correct {name}")


def correct(
    ctx: typer.Context, name: NameArgument, reason: ReasonOption, period: PeriodOption = "", by: ByOption = ""
) -> None:
    """Write the next number of a return that was sent; the one that the LA holds stays as it is."""
    office = open_office(ctx.find_root().obj)
    with office.store() as store:
        due = _that_was_sent(office, store, name, period)
        _record(store, [Event(office.local_now(), CORRECTED, by=person(office, by), note=reason, ref=ref_of(due))])
        for file in _written(office, store, due):
            say(str(file))


def retract(
    ctx: typer.Context,
    name: NameArgument,
    upn: Annotated[str, typer.Argument(help="Who was told in error.", metavar="UPN")],
    reason: ReasonOption,
    period: PeriodOption = "",
    by: ByOption = "",
) -> None:
    """Take a pupil out of a return that was sent, and write the number that takes its place."""
    office = open_office(ctx.find_root().obj)
    with office.store() as store:
        due = _that_was_sent(office, store, name, period)
        desk = desk_now(office, store)
        if not told_and_not_taken_back(ref_of(due), PupilId(upn), desk.events):
            raise ConfigurationError(
                f"the LA was told of no pupil of that UPN in {ref_of(due)}, or it was taken back already, so nobody "
                f"was taken out"
            )
        now, who, ref = office.local_now(), person(office, by), ref_of(due)
        taken_out = Event(now, RETRACTED, pupil=PupilId(upn), by=who, note=reason, ref=ref)
        _record(store, [taken_out, Event(now, CORRECTED, by=who, note=reason, ref=ref)])
        for file in _written(office, store, due):
            say(str(file))


def _said_of(ctx: typer.Context, name: str, period: str, kind: str, note: str, by: str, state: SendState) -> str:
    office = open_office(ctx.find_root().obj)
    now = office.local_now()
    with office.store() as store:
        ref = ref_of(_that_was_sent(office, store, name, period))
        with store.begin() as tx:
            inputs.append(tx, [Event(now, kind, by=person(office, by), note=note, ref=ref)], now, SOURCE)
            _move_sending(tx, ref, state, f"said by {person(office, by)}", now)
    return ref


def _move_sending(tx: Tx, ref: str, to: SendState, reason: str, now: datetime) -> None:
    """The file that the LA holds, where it went by a channel or was recorded as carried."""
    gone = [s for s in sendings.load(tx) if s.about == ref and s.state.has_left and s.state is not SendState.CORRECTED]
    for sending in sorted(gone, key=lambda one: one.number)[-1:]:
        if sending.state is not to:
            sendings.move(tx, sending, to, reason=reason, now=now, expect=(sending.state,))


def _that_was_sent(office: Office, store: Store, name: str, period: str) -> ReturnDue:
    """The return that is meant. Raises ConfigurationError where the LA does not have it."""
    the_writer(office, name)
    desk = desk_now(office, store)
    if not period:
        gone = [e.ref for e in desk.events if e.kind == SENT and e.ref.startswith(f"{name} ")]
        period = gone[-1].partition(" ")[2] if gone else ""
    due = the_return(desk, name, period)
    if not sent(ref_of(due), desk.events).times:
        raise ConfigurationError(
            f"{ref_of(due)} is not recorded as sent, so nothing was recorded; where a person carried it: "
            f"mbls-sync send done {name} --by NAME"
        )
    return due


def _record(store: Store, events: list[Event]) -> None:
    with store.begin() as tx:
        inputs.append(tx, events, events[0].at, SOURCE)


def _written(office: Office, store: Store, due: ReturnDue) -> list[Path]:
    desk = desk_now(office, store)
    return write_return(desk, due, the_writer(office, due.name), office.settings.out_folder / RETURNS)
