"""`mbls-sync plan`: pulls, judges, and shows what should happen, now or at a past moment; does none of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption, WithoutOption, moment
from mbls_sync.cli.main import DONE
from mbls_sync.cli.passes import exit_code, one_pass, working
from mbls_sync.cli.show import Format, FormatOption, show, warn
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.cli.wording import what_of, when_of
from mbls_sync.pipeline import run_pass
from mbls_sync.pipeline_parts import JUDGE, PULL, PassReport

app = typer.Typer()

COLUMNS = ("change", "kind", "rule", "upn", "what", "due", "reason", "key")


@app.command()
def plan(
    ctx: typer.Context,
    at: AtOption = None,
    hindsight: HindsightOption = False,
    without: WithoutOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what should happen now; do none of it."""
    office = open_office(ctx.obj, without=without)
    report = _look_back(office, at, hindsight) if at else one_pass(office, frozenset({PULL, JUDGE}), "judging")
    show(list(rows(report)), COLUMNS, form, head={"run": report.run, "counts": dict(report.counts)})
    for problem in report.problems:
        warn(problem)
    if (code := exit_code(report)) != DONE:
        raise typer.Exit(code)


def rows(report: PassReport) -> Iterator[dict[str, Any]]:
    """One row for each open effect: new, changed or kept."""
    for change in report.changes:
        effect = change.effect
        if effect.state.is_open or change.what != "keep":
            yield {
                "change": str(change.what),
                "kind": str(effect.kind),
                "rule": effect.because.rule,
                "upn": effect.pupil,
                "what": what_of(effect.proposal),
                "due": when_of(effect.proposal),
                "reason": change.reason,
                "key": effect.key,
            }


def _look_back(office: Office, at: str, hindsight: bool) -> PassReport:
    when = moment(at, office.zone, office.clock())
    with office.store() as store, working("judging"):
        given = office.inputs(store, frozenset({JUDGE}))
        return run_pass(replace(given, at=when, hindsight=hindsight))
