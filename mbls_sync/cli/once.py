"""`mbls-sync once`: one whole pass: pull, judge, deliver."""

from __future__ import annotations

import typer

from mbls_sync.cli.asking import WithoutOption
from mbls_sync.cli.passes import one_pass, tell
from mbls_sync.cli.show import Format, FormatOption
from mbls_sync.cli.wiring import open_office
from mbls_sync.pipeline.parts import EVERYTHING

app = typer.Typer(add_completion=False)


@app.command()
def once(ctx: typer.Context, without: WithoutOption = None, form: FormatOption = Format.TABLE) -> None:
    """One whole pass: pull, judge, deliver."""
    office = open_office(ctx.obj, without=without)
    tell(office, one_pass(office, EVERYTHING, "pulling, judging, delivering"), form)
