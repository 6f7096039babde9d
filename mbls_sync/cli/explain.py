"""`mbls-sync explain`: why a task, a mark or a pupil stands as it does, back to the marks and the dated values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption
from mbls_sync.cli.desks import desk_at
from mbls_sync.cli.show import Format, FormatOption, console, plain, show
from mbls_sync.cli.wiring import open_office
from mbls_sync.cli.wording import what_of, when_of
from mbls_sync.delivery.desk import Desk
from mbls_sync.errors import ConfigurationError
from mbls_sync.figures.percentages import attendance, shown
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.marks import PupilId
from mbls_sync.store import audit, outbox, people
from mbls_sync.store.database import Tx

app = typer.Typer()

COLUMNS = ("key", "what", "state", "reason", "rule", "cites", "values", "marks", "steps")


@app.command()
def explain(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(help="The id of a task or effect, or a pupil's UPN.", metavar="ID|UPN")],
    at: AtOption = None,
    hindsight: HindsightOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say why a task, mark or pupil stands as it does."""
    office = open_office(ctx.obj)
    with office.store() as store:
        with store.read() as tx:
            effect = outbox.by_key(tx, what) if at is None else None
            if effect is not None:
                _print([_chain(tx, effect)], form)
                return
        desk = desk_at(office, store, at, hindsight)
        named = [effect for effect in desk.effects if at is not None and effect.key.startswith(what)]
        if named:
            with store.read() as tx:
                _print([_chain(tx, effect) for effect in named], form)
            return
        if what not in desk.histories:
            raise ConfigurationError(f"{what!r} is neither the id of an effect nor a UPN on the roll")
        with store.read() as tx:
            _explain_pupil(desk, tx, PupilId(what), form)


def _explain_pupil(desk: Desk, tx: Tx, pupil: PupilId, form: Format) -> None:
    history = desk.histories[pupil]
    chains = [_chain(tx, effect) for effect in desk.effects if effect.pupil == pupil]
    if form is Format.TABLE:
        figures = history.figures
        out = console()
        out.print(f"{history.pupil.name}, class {history.pupil.class_name or '?'}, {pupil}", markup=False)
        out.print(
            f"  attendance this year {shown(attendance(figures))} %: {figures.attended} of {figures.possible} possible "
            f"sessions; authorised {figures.authorised}, unauthorised {figures.unauthorised}",
            markup=False,
        )
        recent = "  ".join(
            f"{session.day:%d/%m} {session.period} {code or '–'}" for session, code in history.recent(10)
        )
        out.print(f"  last sessions: {recent}", markup=False)
    _print(chains, form)


def _chain(tx: Tx, effect: Effect) -> dict[str, Any]:
    """Everything that led to one effect, and everything that was done to it."""
    because = effect.because
    return {
        "key": effect.key,
        "kind": str(effect.kind),
        "upn": effect.pupil,
        "what": what_of(effect.proposal),
        "due": when_of(effect.proposal),
        "state": str(effect.state),
        "reason": effect.reason,
        "opened_at": effect.opened_at,
        "rule": because.rule,
        "cites": because.cites,
        "values": [
            {
                "parameter": reading.parameter,
                "value": plain(reading.value),
                "since": reading.since,
                "cites": reading.cites,
                "says": reading.says,
            }
            for reading in because.readings
        ],
        "marks": [{"session": str(session), "code": code} for session, code in because.marks],
        "steps": list(_steps(tx, effect)),
    }


def _steps(tx: Tx, effect: Effect) -> Iterator[dict[str, Any]]:
    """The audit's entries about an effect; in it pupils stand by pseudonym, in keys too."""
    name = people.pseudonyms(tx).get(effect.pupil, "") if effect.pupil else ""
    ref = effect.key.replace(effect.pupil, name) if effect.pupil and name else effect.key
    for entry in audit.entries(tx, ref=ref):
        yield {"at": entry.at, "step": entry.kind, "state": entry.detail.get("state"), "why": entry.detail.get("why")}


def _print(chains: list[dict[str, Any]], form: Format) -> None:
    if form is not Format.TABLE:
        show(chains, COLUMNS, form)
        return
    out = console()
    for chain in chains:
        for line in _lines(chain):
            out.print(line, markup=False, soft_wrap=True)


def _brief(value: Any) -> str:
    """A value in a line: of a table only its size, of a text its words without the line breaks."""
    if isinstance(value, list | tuple | dict):
        return f"a table of {len(value)} lines"
    return " ".join(str(value).split())


def _lines(chain: dict[str, Any]) -> Iterator[str]:
    yield f"\n{chain['what']}  [{chain['state']}]"
    yield f"  id       {chain['key']}"
    yield f"  state    {chain['state']}: {chain['reason']}"
    yield f"  rule     {chain['rule']} ({chain['cites']})"
    if chain["due"]:
        yield f"  due      {plain(chain['due'])}"
    for value in chain["values"]:
        yield f"  value    {value['parameter']} = {_brief(value['value'])} since {value['since']} ({value['cites']})"
    for mark in chain["marks"]:
        yield f"  mark     {mark['session']} {mark['code'] or '–'}"
    for step in chain["steps"]:
        yield f"  step     {step['at']:%Y-%m-%d %H:%M} {step['step']} {step['state'] or ''}: {step['why'] or ''}"
