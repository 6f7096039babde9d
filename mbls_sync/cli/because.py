"""The because-chain of an effect: rule, section, dated values, marks, steps, and what would have to be otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mbls_sync.cli.show import Format, cell, console, plain, show
from mbls_sync.cli.wording import what_of, when_of, why_of
from mbls_sync.engine.apply import Rules
from mbls_sync.engine.what_if import WhatIf, missed_by
from mbls_sync.engine.world import World
from mbls_sync.figures.history import CASE_CLOSED
from mbls_sync.model.deliveries import Effect
from mbls_sync.store import audit, people
from mbls_sync.store.database import Tx

COLUMNS = (
    *("key", "what", "why", "state", "reason", "rule", "cites"),
    *("values", "marks", "missed", "recorded", "steps", "not_here_if"),
)


def chains(tx: Tx, effects: Iterable[Effect], world: World, rules: Rules) -> list[dict[str, Any]]:
    """Everything that led to each effect and was done to it; of an open one also what would take it away."""
    return [
        {
            **_chain(tx, effect, world.calendar.zone),
            "missed": _missed(effect, world),
            "recorded": _recorded(effect, world),
            "not_here_if": list(WhatIf(world, rules, effect).answers() if effect.state.is_open else ()),
        }
        for effect in effects
    ]


def _missed(effect: Effect, world: World) -> list[dict[str, str]]:
    """Where a rule looked at no one mark but at the year's figures: every session of it that was missed."""
    if effect.pupil is None or effect.because.marks:
        return []
    sessions = reversed(missed_by(world, effect.pupil))
    return [{"session": str(session), "code": world.code(effect.pupil, session)} for session in sessions]


def _recorded(effect: Effect, world: World) -> list[dict[str, Any]]:
    """Beside the figures, the steps recorded of the pupil since the last case was closed: clocks run from them."""
    if effect.pupil is None or effect.because.marks:
        return []
    mine = sorted((event for event in world.events if event.pupil == effect.pupil), key=lambda event: event.at)
    closed = max((number for number, event in enumerate(mine) if event.kind == CASE_CLOSED), default=-1)
    since = [event for event in mine[closed + 1 :] if event.at <= world.now and not event.kind.startswith("task-")]
    zone = world.calendar.zone
    return [{"at": event.at.astimezone(zone), "kind": event.kind, "outcome": event.outcome} for event in since]


def _chain(tx: Tx, effect: Effect, zone: ZoneInfo) -> dict[str, Any]:
    """Everything that led to one effect, and everything that was done to it."""
    because, due = effect.because, when_of(effect.proposal)
    return {
        "key": effect.key,
        "kind": str(effect.kind),
        "upn": effect.pupil,
        "what": what_of(effect.proposal),
        "why": why_of(effect.proposal),
        "due": due.astimezone(zone) if isinstance(due, datetime) else due,
        "state": str(effect.state),
        "reason": effect.reason,
        "opened_at": effect.opened_at,
        "rule": because.rule,
        "cites": because.cites,
        "values": [
            {
                "parameter": reading.parameter,
                "value": reading.value if isinstance(reading.value, bool) else plain(reading.value),
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


def tell(chains: Sequence[dict[str, Any]], form: Format) -> None:
    """Print the chains."""
    if form is not Format.TABLE:
        show(chains, COLUMNS, form)
        return
    out = console()
    for chain in chains:
        for line in _lines(chain):
            out.print(line, markup=False, soft_wrap=True)


def _brief(value: Any) -> str:
    """A value in a line: of a table only its size, of a text its words without the line breaks; yes or no."""
    if isinstance(value, list | tuple | dict):
        return f"a table of {len(value)} lines"
    return " ".join(cell(value).split())


def _lines(chain: dict[str, Any]) -> Iterator[str]:
    yield f"\n{chain['what']}  [{chain['state']}]"
    yield f"  id       {chain['key']}"
    if chain["why"]:
        yield f"  why      {chain['why']}"
    yield f"  state    {chain['state']}: {chain['reason']}"
    yield f"  rule     {chain['rule']} ({chain['cites']})"
    if chain["due"]:
        yield f"  due      {cell(chain['due'])}"
    for value in chain["values"]:
        yield f"  value    {value['parameter']} = {_brief(value['value'])} since {value['since']} ({value['cites']})"
    for mark in chain["marks"]:
        yield f"  mark     {mark['session']} {mark['code'] or '–'}"
    if chain["missed"]:
        told = ", ".join(f"{mark['session']} {mark['code']}" for mark in chain["missed"])
        yield f"  missed   {len(chain['missed'])} sessions this year: {told}"
    for event in chain["recorded"]:
        outcome = f": {event['outcome']}" if event["outcome"] else ""
        yield f"  recorded {event['at']:%Y-%m-%d} {event['kind']}{outcome}"
    for step in chain["steps"]:
        yield f"  step     {step['at']:%Y-%m-%d %H:%M} {step['step']} {step['state'] or ''}: {step['why'] or ''}"
    for words in chain["not_here_if"]:
        yield f"  not if   {words}"
