"""`mbls-sync plan`: pulls, judges, and shows what should happen, now or at a past moment; does none of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption, WithoutOption, moment
from mbls_sync.cli.main import DONE
from mbls_sync.cli.passes import exit_code, one_pass, working
from mbls_sync.cli.show import Format, FormatOption, show, warn
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.cli.wording import what_of, when_of
from mbls_sync.engine.keys import key_of
from mbls_sync.engine.reconcile import Change
from mbls_sync.model.deliveries import Effect, State
from mbls_sync.model.proposals import SetCode
from mbls_sync.pipeline.one_pass import run_pass
from mbls_sync.pipeline.parts import JUDGE, PULL, PassReport
from mbls_sync.store import outbox
from mbls_sync.store.last_change import LastChange, last_changes

app = typer.Typer(add_completion=False)

COLUMNS = ("change", "kind", "rule", "upn", "what", "last_change", "due", "reason", "key")


@app.command()
def plan(
    ctx: typer.Context,
    at: AtOption = None,
    hindsight: HindsightOption = False,
    without: WithoutOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Pull, and show what should happen now, or with --at what would have happened then; do none of it."""
    office = open_office(ctx.obj, without=without)
    report = _look_back(office, at, hindsight) if at else one_pass(office, frozenset({PULL, JUDGE}), "judging")
    last = _last_changes(office, report)
    show(list(rows(report, last)), COLUMNS, form, head={"run": report.run, "counts": dict(report.counts)})
    for problem in report.problems:
        warn(problem)
    if (code := exit_code(report)) != DONE:
        raise typer.Exit(code)


def rows(report: PassReport, last: Mapping[str, LastChange]) -> Iterator[dict[str, Any]]:
    """One row for each open effect: what changes first. `last` says by key who changed its mark last, and when."""
    for change in sorted(report.changes, key=_order):
        effect = change.effect
        if not effect.state.is_open and change.what == "keep":
            continue
        yield {
            "change": str(change.what),
            "kind": str(effect.kind),
            "rule": effect.because.rule,
            "upn": effect.pupil,
            "what": what_of(effect.proposal),
            **_mark(effect, last.get(effect.key)),
            "due": when_of(effect.proposal),
            "reason": change.reason,
            "key": effect.key,
        }


def _order(change: Change) -> tuple[bool, str, str, str, str, str]:
    effect = change.effect
    kept = change.what == "keep"
    return kept, str(change.what), str(effect.kind), effect.because.rule, effect.pupil or "", effect.key


def _mark(effect: Effect, last: LastChange | None) -> dict[str, Any]:
    """The old mark, who changed it last and when, and the new mark, where it is a mark that is to change."""
    wanted = effect.proposal
    if not isinstance(wanted, SetCode):
        return {"last_change": None}
    known = last or LastChange("", None)
    when = f"{known.at:%Y-%m-%d %H:%M}" if known.at else ""
    shown = " ".join(filter(None, (known.by, "seen" if known.is_seen and when else "", when)))
    return {
        "old_mark": wanted.subject.code,
        "changed_by": known.by,
        "changed_at": known.at,
        "new_mark": wanted.code,
        "last_change": shown or "as first seen",
    }


def _last_changes(office: Office, report: PassReport) -> Mapping[str, LastChange]:
    marks = [(c.effect.key, c.effect.proposal) for c in report.changes if isinstance(c.effect.proposal, SetCode)]
    asked = {key: wanted for key, wanted in marks if isinstance(wanted, SetCode)}
    places = {key: (wanted.subject.pupil, wanted.subject.session) for key, wanted in asked.items()}
    # A mark's key leaves the rule out: the mark as it stands now has the key under which we would have written it.
    school = office.settings.school.id
    ours = {key: key_of(school, "", replace(w, code=w.subject.code)) for key, w in asked.items()}
    with office.store() as store, store.read() as tx:
        known = last_changes(tx, places.values())
        written = outbox.by_keys(tx, ours.values())
    found = {key: known[place] for key, place in places.items() if place in known}
    for key, own in ours.items():
        if own in written and written[own].state is State.VERIFIED:
            found[key] = LastChange("mbls-sync", written[own].changed_at)
    return {key: replace(last, at=last.at and last.at.astimezone(office.zone)) for key, last in found.items()}


def _look_back(office: Office, at: str, hindsight: bool) -> PassReport:
    when = moment(at, office.zone, office.clock())
    with office.store() as store, working("judging"):
        given = office.inputs(store, frozenset({JUDGE}))
        return run_pass(replace(given, at=when, hindsight=hindsight))
