"""`mbls-sync apply`: carry out what is planned and, in mode confirm, approved."""

from __future__ import annotations

import typer

from mbls_sync.cli.asking import WithoutOption
from mbls_sync.cli.passes import one_pass, tell
from mbls_sync.cli.show import Format, FormatOption
from mbls_sync.cli.wiring import open_office
from mbls_sync.pipeline.parts import DELIVER, JUDGE

app = typer.Typer(add_completion=False)


@app.command()
def apply(ctx: typer.Context, without: WithoutOption = None, form: FormatOption = Format.TABLE) -> None:
    """Carry out what is planned and, in mode confirm, approved."""
    office = open_office(ctx.obj, without=without)
    tell(office, one_pass(office, frozenset({JUDGE, DELIVER}), "judging and delivering"), form)
