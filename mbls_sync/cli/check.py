"""`mbls-sync check`: looks at all that must be right, and says ok, or what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from mbls_sync.cli import checks, checks_of_data, checks_of_la, checks_of_policy, checks_of_sources
from mbls_sync.cli.checks_of_data import QUARANTINE
from mbls_sync.cli.law import compare
from mbls_sync.cli.lines import show_lines
from mbls_sync.cli.main import CONFIGURATION, DONE, NEEDS_A_PERSON
from mbls_sync.cli.show import Format, FormatOption
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.errors import MblsError, in_words

app = typer.Typer(add_completion=False)


LawOption = Annotated[bool, typer.Option("--law", help="Hold the policy against national law instead.")]
PageOption = Annotated[Path | None, typer.Option(help="With --law: write a page for the governors to this file, too.")]
AtOption = Annotated[str | None, typer.Option("--at", help="With --law: the day to hold it against, as 2024-08-19.")]


@app.command()
def check(
    ctx: typer.Context,
    law: LawOption = False,
    page: PageOption = None,
    at: AtOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Look at settings, policy, calendar, plugins, sources and store; say what to mend. Changes nothing."""
    if law:
        compare(open_office(ctx.obj), at, page, form)
        return
    lines = list(_lines(ctx))
    show_lines(lines, form)
    if code := _exit_code(lines):
        raise typer.Exit(code)


def _exit_code(lines: Sequence[checks.Line]) -> int:
    """2 where the set-up must be mended, 1 where it is well and only rows or pulls wait for a person, else 0."""
    wrong = {line.name for line in lines if line.standing == checks.PROBLEM}
    if wrong - {QUARANTINE}:
        return CONFIGURATION
    return NEEDS_A_PERSON if wrong else DONE


def _lines(ctx: typer.Context) -> Iterator[checks.Line]:
    try:
        office = open_office(ctx.obj)
    except MblsError as error:
        yield from checks.problems("settings", error)
        return
    yield checks.settings(office)
    told: set[str] = set()
    tables = (checks.LOOKS, checks_of_policy.LOOKS, checks_of_sources.LOOKS, checks_of_la.LOOKS, checks_of_data.LOOKS)
    for name, look in (found for table in tables for found in table.items()):
        for line in _looked(name, look, office):
            # A plugin that does not load trips every look that needs it; a person wants to read that once.
            if line.standing != checks.PROBLEM or line.says not in told:
                yield line
            told.add(line.says)


def _looked(name: str, look: checks.Look, office: Office) -> Iterator[checks.Line]:
    """What one look finds. What it trips over is itself a finding, and the others still look."""
    try:
        yield from look(office)
    except MblsError as error:
        yield from checks.problems(name, error)
    except OSError as error:
        yield checks.Line(checks.PROBLEM, name, in_words(error))
