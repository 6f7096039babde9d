"""`mbls-sync explain`: why a task, a mark or a pupil stands as it does, back to the marks and the dated values."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption
from mbls_sync.cli.because import chains, tell
from mbls_sync.cli.desks import desk_at
from mbls_sync.cli.show import Format, FormatOption, console, plain, show
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.path_back import path_words
from mbls_sync.engine.world import World
from mbls_sync.errors import ConfigurationError
from mbls_sync.figures.percentages import attendance, shown
from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Session
from mbls_sync.pipeline.parts import JUDGE
from mbls_sync.pipeline.world import build_world
from mbls_sync.store import outbox, registers
from mbls_sync.store.database import Tx

app = typer.Typer(add_completion=False)

CHANGES = ("seen_at", "original", "amended", "reason", "by", "role", "amended_at")


@app.command()
def explain(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(help="The id of a task or effect, or a pupil's UPN.", metavar="ID|UPN")],
    session: Annotated[
        str | None, typer.Argument(help="With a UPN: one mark, such as '2026-11-24 AM'.", metavar="[SESSION]")
    ] = None,
    at: AtOption = None,
    hindsight: HindsightOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say why a task, mark or pupil stands as it does, and what would have to be otherwise."""
    office = open_office(ctx.obj)
    with office.store() as store:
        desk = desk_at(office, store, at, hindsight)
        with store.read() as tx:
            given = office.inputs(store, frozenset({JUDGE}))
            world = build_world(tx, given, desk.now, at=desk.now if at is not None and not hindsight else None)
            effect = outbox.by_key(tx, what) if at is None else None
            named = [effect] if effect else [e for e in desk.effects if at is not None and e.key.startswith(what)]
            if named:
                tell(chains(tx, named, world, office.registry.rules), form)
            elif what not in desk.histories:
                raise ConfigurationError(f"{what!r} is neither the id of an effect nor a UPN on the roll")
            elif session is not None:
                _explain_mark(office, desk, world, tx, PupilId(what), _session(session), form)
            else:
                _explain_pupil(office, desk, world, tx, PupilId(what), form)


def _session(text: str) -> Session:
    try:
        return Session.parse(text)
    except ValueError:
        raise ConfigurationError(f"{text!r} is no session; write it as '2026-11-24 AM'") from None


def _explain_pupil(office: Office, desk: Desk, world: World, tx: Tx, pupil: PupilId, form: Format) -> None:
    history = desk.histories[pupil]
    if form is Format.TABLE:
        figures = history.figures
        recent = "  ".join(f"{on.day:%d/%m} {on.period} {code or '–'}" for on, code in history.recent(10))
        _say(f"{history.pupil.name}, class {history.pupil.class_name or '?'}, {pupil}")
        _say(
            f"  attendance this year {shown(attendance(figures))} %: {figures.attended} of {figures.possible} possible "
            f"sessions; authorised {figures.authorised}, unauthorised {figures.unauthorised}"
        )
        for words in path_words(history, desk.policy()):
            _say(f"  path back: {words}")
        _say(f"  last sessions: {recent}")
    mine = [effect for effect in desk.effects if effect.pupil == pupil]
    tell(chains(tx, mine, world, office.registry.rules), form)


def _explain_mark(
    office: Office, desk: Desk, world: World, tx: Tx, pupil: PupilId, session: Session, form: Format
) -> None:
    """One mark: what it says and counts as, every change of it that was seen, and all that was asked because of it."""
    code = world.code(pupil, session)
    changes = [
        {
            "seen_at": change.observed_at.astimezone(office.zone),
            "original": change.original or "no mark",
            "amended": change.amended or "no mark",
            "reason": change.reason,
            "by": change.by,
            "role": change.role,
            "amended_at": change.at,
        }
        for change in registers.amendments(tx, pupil)
        if change.session == session and change.observed_at <= desk.now
    ]
    told = _told(desk, code, session)
    about = [e for e in desk.effects if e.pupil == pupil and session in dict(e.because.marks)]
    asked = chains(tx, about, world, office.registry.rules)
    if form is not Format.TABLE:
        show(asked, ("key", "what", "state", "rule"), form, head={"session": str(session), **told, "changes": changes})
        return
    name = desk.histories[pupil].pupil.name
    _say(f"{name}, {session}: {told['code'] or 'no mark'}, {told['title']}: {told['meaning']}")
    if changes:
        show(changes, CHANGES, Format.TABLE, title="What was seen to change")
    else:
        _say("  it was never seen to change")
    tell(asked, form)


def _told(desk: Desk, code: str, session: Session) -> dict[str, Any]:
    if not code:
        return {"code": "", "title": "the MIS holds no mark", "meaning": "unexplained"}
    meaning = desk.codes.meaning(code, session.day)
    return {"code": code, "title": desk.codes.title(code, session.day), "meaning": plain(meaning.value)}


def _say(text: str) -> None:
    console().print(text, markup=False, soft_wrap=True)
