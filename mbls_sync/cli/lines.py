"""Prints what was looked at: each line ok, a note or a problem, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from mbls_sync.cli import checks
from mbls_sync.cli.show import Format, console, show

COLUMNS = ("standing", "name", "says", "mend")
COLOURS = {checks.OK: "green", checks.NOTE: "yellow", checks.PROBLEM: "red"}


def show_lines(lines: Sequence[checks.Line], form: Format) -> None:
    """Print lines for people, or as data."""
    if form is Format.TABLE:
        _print(lines)
    else:
        rows = [{"standing": ln.standing, "name": ln.name, "says": ln.says, "mend": ln.mend} for ln in lines]
        show(rows, COLUMNS, form)


def _print(lines: Sequence[checks.Line]) -> None:
    out = console()
    wide = max(len(line.name) for line in lines)
    for line in lines:
        colour = COLOURS[line.standing]
        out.print(f"[{colour}]{line.standing:<7}[/] {line.name:<{wide}}  ", end="")
        out.print(line.says, markup=False, soft_wrap=True)
        if line.mend and line.standing != checks.OK:
            out.print(f"{'':<7} {'':<{wide}}  → {line.mend}", markup=False, soft_wrap=True)
