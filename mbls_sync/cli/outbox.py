"""`mbls-sync outbox`: every effect and what is known of it; approves, retries or discards one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from mbls_sync.cli.desks import the_effect
from mbls_sync.cli.groups import ListByDefault
from mbls_sync.cli.main import NEEDS_A_PERSON
from mbls_sync.cli.show import Format, FormatOption, say, show, warn
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.cli.wording import what_of
from mbls_sync.engine.dead_letters import FOLLOWED_UP, confirm_within, dead_as
from mbls_sync.engine.steps import DISCARDED
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.store import inputs, outbox
from mbls_sync.store.database import Tx

app = typer.Typer(cls=ListByDefault, add_completion=False, help="List effects; approve, retry or discard one.")

COLUMNS = ("key", "kind", "state", "rule", "upn", "what", "reason", "changed_at")
SOURCE = "mbls-sync outbox"
IdsArgument = Annotated[list[str], typer.Argument(help="Keys, or their beginnings.", metavar="ID…")]
TO_RETRY = (State.CONFLICTED, State.REFUSED)
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the audit.", metavar="TEXT")]


@app.command("list")
def list_effects(
    ctx: typer.Context,
    state: Annotated[State | None, typer.Option("--state", help="Only those in this state.")] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only those of this kind.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the open effects. Exit code 1 where one is a person's: conflicted, refused, or not come to show."""
    office = open_office(ctx.find_root().obj)
    with office.store() as store, store.read() as tx:
        found = outbox.load(tx)
    within, now = _within(office), office.clock()
    needs = [effect for effect in found if dead_as(effect, now, within)]
    shown = [e for e in found if _is_asked_for(e, state, kind, all_)]
    show([_row(effect) for effect in shown], COLUMNS, form)
    if needs:
        warn(f"{len(needs)} effects need a person (conflicted, refused, or not come to show); the tasks say what to do")
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def approve(
    ctx: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(help="Keys, or their beginnings.", metavar="ID…")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every planned mark.")] = False,
    reason: ReasonOption = "",
) -> None:
    """Approve planned marks, which `apply` then writes (mode confirm)."""
    if not ids and not all_:
        raise ConfigurationError("say which: the ids that `mbls-sync outbox list --kind mark` shows, or --all")
    office = open_office(ctx.find_root().obj)
    now = office.local_now()
    with office.store() as store, store.begin() as tx:
        chosen = [the_effect(tx, id) for id in ids or ()]
        if all_:
            chosen = [e for e in outbox.load(tx, only_open=True) if e.kind is Kind.MARK and e.state is State.PLANNED]
        _only_marks(chosen)
        says = _said("approved by a person", reason)
        moved = [effect for effect in chosen if _move(tx, effect, State.APPROVED, says, now)]
    say(f"approved: {len(moved)}")


@app.command()
def retry(ctx: typer.Context, ids: IdsArgument, reason: ReasonOption = "") -> None:
    """Plan a mark anew that was conflicted or refused, or that did not come to show in the MIS."""
    office = open_office(ctx.find_root().obj)
    now = office.local_now()
    with office.store() as store, store.begin() as tx:
        for effect in [the_effect(tx, id) for id in ids]:
            _refuse_followed_up(office, effect, now)
            _move(tx, effect, State.PLANNED, _said("taken up again by a person", reason), now)
    say(f"planned anew: {len(ids)}; each is compared with the MIS once more before it is written")


@app.command()
def discard(
    ctx: typer.Context,
    ids: IdsArgument,
    reason: ReasonOption,
    by: Annotated[str, typer.Option("--by", help="Who decided.", metavar="NAME")] = "",
) -> None:
    """Close effects for good; they are not asked for again."""
    office = open_office(ctx.find_root().obj)
    now = office.local_now()
    person = by or office.settings.school.attendance_officer
    with office.store() as store, store.begin() as tx:
        for effect in [the_effect(tx, id) for id in ids]:
            _refuse_followed_up(office, effect, now)
            _move(tx, effect, State.WITHDRAWN, f"discarded by a person: {reason}", now)
            event = Event(at=now, kind=DISCARDED, pupil=effect.pupil, by=person, note=reason, ref=effect.key)
            inputs.append(tx, [event], now, SOURCE)
    say(f"discarded: {len(ids)}")


_MAY_BECOME = {
    State.APPROVED: (State.PLANNED,),
    State.PLANNED: (*TO_RETRY, *FOLLOWED_UP),
    State.WITHDRAWN: (State.PLANNED, State.APPROVED, State.INHERITED, *TO_RETRY, *FOLLOWED_UP),
}


def _within(office: Office) -> timedelta:
    return confirm_within(office.policy(office.local_now().date()))


def _refuse_followed_up(office: Office, effect: Effect, now: datetime) -> None:
    """What may have been written is the program's until it has waited long enough: else it is written twice."""
    until = (effect.changed_at + _within(office)).astimezone(office.zone)
    waits = effect.state in FOLLOWED_UP and not effect.has_stood(_within(office), now)
    if effect.kind is Kind.MARK and waits:
        raise ConfigurationError(
            f"{effect.key[:12]} may have been written ({effect.reason}); every pass reads it back until "
            f"{until:%H:%M on %d %B}, and from then on it is yours. Nothing was changed"
        )


def _said(what: str, reason: str) -> str:
    return f"{what}: {reason}" if reason else what


def _only_marks(chosen: list[Effect]) -> None:
    """Refuse what is no mark: an approved task would still be a task, and nobody could put it back."""
    for effect in chosen:
        if effect.kind is not Kind.MARK:
            raise ConfigurationError(
                f"{effect.key[:12]} is a {effect.kind}, and only a mark is approved; a task is done with "
                f"`mbls-sync tasks done`. Nothing was changed"
            )


def _move(tx: Tx, effect: Effect, to: State, reason: str, now: datetime) -> bool:
    receipt = "" if to is State.PLANNED else None
    if not outbox.move(tx, effect.key, to, reason=reason, now=now, expect=_MAY_BECOME[to], receipt=receipt):
        states = ", ".join(_MAY_BECOME[to])
        raise ConfigurationError(
            f"{effect.key[:12]} is {effect.state} ({effect.reason}); only what is {states} can become {to}. "
            f"Nothing was changed"
        )
    return True


def _is_asked_for(effect: Effect, state: State | None, kind: Kind | None, closed: bool) -> bool:
    if state is not None and effect.state is not state:
        return False
    if kind is not None and effect.kind is not kind:
        return False
    return closed or state is not None or effect.state.is_open or effect.state in TO_RETRY


def _row(effect: Effect) -> dict[str, Any]:
    return {
        "key": effect.key,
        "kind": str(effect.kind),
        "state": str(effect.state),
        "rule": effect.because.rule,
        "upn": effect.pupil,
        "what": what_of(effect.proposal),
        "reason": effect.reason,
        "changed_at": effect.changed_at,
    }
