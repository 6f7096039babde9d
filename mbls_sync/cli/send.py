"""`mbls-sync send`: what is on its way to the LA; approves a file, records one that a person carried there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from mbls_sync.cli.groups import ListByDefault
from mbls_sync.cli.main import NEEDS_A_PERSON
from mbls_sync.cli.show import Format, FormatOption, say, show, warn
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery.as_taken import carried_how, taken_as
from mbls_sync.delivery.by_hand import BY_HAND, carried
from mbls_sync.delivery.documents import Document, Readiness, documents, named
from mbls_sync.delivery.left import left_the_school
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.deliveries import Mode
from mbls_sync.model.sendings import Sending, SendState
from mbls_sync.pipeline.sending import duty_of
from mbls_sync.store import inputs, sendings
from mbls_sync.store.database import Store, Tx

app = typer.Typer(
    cls=ListByDefault, add_completion=False, help="List what goes to the LA; approve, retry or record a file."
)

COLUMNS = ("document", "channel", "recipient", "state", "number", "pupils", "reason", "changed_at")
NEEDS = (SendState.UNKNOWN, SendState.REFUSED)
NamesArgument = Annotated[list[str], typer.Argument(help="Documents, as `send list` names them.", metavar="DOCUMENT…")]
ByOption = Annotated[
    str, typer.Option("--by", help="Who did it; the attendance officer where left out.", metavar="NAME")
]


@app.command("list")
def list_sendings(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """List every document and what is known of its sending. Exit code 1 where one needs a person."""
    office = open_office(ctx.find_root().obj)
    with office.store() as store, store.read() as tx:
        known = sendings.load(tx)
    planned = {sending.document for sending in known}
    rows = [_row(sending) for sending in known]
    rows += [
        {"document": filed.name, "state": "filed", "number": filed.number, "reason": _why_filed(office, filed)}
        for filed in documents(office.settings.out_folder)
        if filed.name not in planned
    ]
    show([{column: row.get(column) for column in COLUMNS} for row in rows], COLUMNS, form)
    needs = [sending for sending in known if sending.state in NEEDS]
    if needs:
        warn(f"{len(needs)} files need a person (refused or of unknown fate)")
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def approve(ctx: typer.Context, names: NamesArgument, by: ByOption = "") -> None:
    """Approve files, which the next pass or `apply` then sends (mode confirm). What the lint stops is refused."""
    office = open_office(ctx.find_root().obj)
    filed = {document.name: document for document in documents(office.settings.out_folder)}
    person = by or office.settings.school.attendance_officer or "a person"
    now = office.local_now()
    with office.store() as store, store.begin() as tx:
        for sending in _chosen(tx, names):
            _refuse_not_ready(filed.get(sending.document))
            _move(tx, sending, SendState.APPROVED, f"approved by {person}", now, (SendState.WAITING,))
    say(f"approved: {len(names)}")


@app.command()
def retry(ctx: typer.Context, names: NamesArgument) -> None:
    """Send again what was refused, or what the receiver says has not arrived: ask them first."""
    office = open_office(ctx.find_root().obj)
    now = office.local_now()
    with office.store() as store, store.begin() as tx:
        for sending in _chosen(tx, names):
            reason = "taken up again by a person, who knows that it has not arrived"
            _move(tx, sending, SendState.APPROVED, reason, now, NEEDS)
    say(f"to be sent by the next pass: {len(names)}")


@app.command()
def withdraw(
    ctx: typer.Context,
    names: NamesArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the audit.", metavar="TEXT")],
) -> None:
    """Send documents no more. What has left the school cannot be withdrawn: correct it."""
    office = open_office(ctx.find_root().obj)
    now = office.local_now()
    with office.store() as store, store.begin() as tx:
        for sending in _chosen(tx, names):
            why = f"withdrawn by a person: {reason}"
            _move(
                tx, sending, SendState.WITHDRAWN, why, now, (SendState.WAITING, SendState.APPROVED, SendState.REFUSED)
            )
    say(f"withdrawn: {len(names)}")


@app.command()
def done(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The document, return or packet that has left.", metavar="NAME")],
    by: Annotated[str, typer.Option("--by", help="Who carried it there.", metavar="NAME")],
    to: Annotated[str, typer.Option("--to", help="To whom; the LA where left out.", metavar="WHOM")] = "",
) -> None:
    """Record that a person uploaded, posted or handed over a document, or that the receiver says it has arrived."""
    office = open_office(ctx.find_root().obj)
    now = office.local_now()
    with office.store() as store:
        document = _the_document(office, store, name)
        with store.begin() as tx:
            sending = _arrived_unseen(tx, document.name)
            if sending is None:
                _in_place_of_channels(tx, document.name, by, now)
                recipient = to or office.settings.school.la_name
                sending = carried(tx, document, inputs.roll(tx), recipient, duty_of(document, office.registry), now)
            _move(tx, sending, SendState.SENT, f"said by {by}", now, (sending.state,))
            left_the_school(tx, sending, by, now)
    say(f"recorded: {document.name} left the school, as {by} says")


def _arrived_unseen(tx: Tx, document: str) -> Sending | None:
    """What a channel may have delivered already: a person's word settles that, and nothing is sent by hand."""
    known = sendings.load(tx, document=document)
    if any(sending.state.has_left for sending in known):
        raise ConfigurationError(f"{document} is recorded as sent already; nothing was changed")
    return next((s for s in known if s.state in (SendState.UNKNOWN, SendState.SENDING)), None)


def _in_place_of_channels(tx: Tx, document: str, by: str, now: datetime) -> None:
    for sending in sendings.load(tx, document=document):
        if sending.state.is_owed:
            _move(tx, sending, SendState.WITHDRAWN, f"{by} carried it there", now, (sending.state,))


def _why_filed(office: Office, document: Document) -> str:
    if not any(document.paper in channel.papers for channel in office.settings.channels.values()):
        how = carried_how(taken_as(office.profile, document, office.local_now().date()))
        return f"no channel takes it: {how}, then says send done"
    return "shadow sends nothing" if office.settings.mode is Mode.SHADOW else "the next pass plans it"


def _the_document(office: Office, store: Store, name: str) -> Document:
    found = named(documents(office.settings.out_folder), name)
    with store.read() as tx:
        gone = {s.document for s in sendings.load(tx) if s.state.has_left}
    waiting = [document for document in found if document.name not in gone] or list(found[-1:])
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise ConfigurationError(f"no document is called {name!r}; `mbls-sync send list` shows what there is")
    there = ", ".join(document.name for document in waiting)
    raise ConfigurationError(f"{name!r} may be one of several: {there}; say which")


def _chosen(tx: Tx, names: list[str]) -> list[Sending]:
    found = []
    for name in names:
        mine = [s for s in sendings.load(tx, document=name) if s.channel != BY_HAND]
        if not mine:
            raise ConfigurationError(f"no document called {name!r} is on a channel; `mbls-sync send list` shows them")
        found += mine
    return found


def _refuse_not_ready(document: Document | None) -> None:
    if document is not None and document.readiness is Readiness.NOT_READY:
        raise ConfigurationError(
            f"the lint does not call {document.name} ready, so it was not approved; mend what it names "
            f"(mbls-sync returns lint), or override it there by name and with a reason, and write it again"
        )


def _move(tx: Tx, sending: Sending, to: SendState, reason: str, now: datetime, expect: tuple[SendState, ...]) -> None:
    if not sendings.move(tx, sending, to, reason=reason, now=now, expect=expect):
        states = ", ".join(expect)
        raise ConfigurationError(
            f"{sending.document} is {sending.state} ({sending.reason}); only what is {states} can become {to}. Nothing "
            f"was changed"
        )


def _row(sending: Sending) -> dict[str, Any]:
    return {
        "document": sending.document,
        "channel": sending.channel,
        "recipient": sending.recipient,
        "state": str(sending.state),
        "number": sending.number,
        "pupils": len(sending.subjects),
        "reason": sending.reason,
        "changed_at": sending.changed_at,
    }
