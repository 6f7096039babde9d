"""`mbls-sync returns`: which LA returns have lines and when they are due; writes one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption
from mbls_sync.cli.desks import desk_at
from mbls_sync.cli.groups import ListByDefault
from mbls_sync.cli.show import Format, FormatOption, say, show
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.return_entries import due_without_lines, entries_of, returns_due
from mbls_sync.delivery.returns import write_return
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.papers import ReturnDue

app = typer.Typer(cls=ListByDefault, add_completion=False, help="List the returns for the LA; write one.")

COLUMNS = ("name", "period", "from", "to", "due", "pupils", "title")
FOLDER = "returns"


@app.command("list")
def list_returns(
    ctx: typer.Context, at: AtOption = None, hindsight: HindsightOption = False, form: FormatOption = Format.TABLE
) -> None:
    """List every return that has a line, and every one that can be written."""
    office = open_office(ctx.find_root().obj)
    with office.store() as store:
        desk = desk_at(office, store, at, hindsight)
    writers = office.registry.returns
    rows = [
        {
            "name": due.name,
            "period": due.period,
            "from": due.first,
            "to": due.last,
            "due": due.due,
            "pupils": len(entries_of(due, desk)),
            "title": writers[due.name].info.title if due.name in writers else "(no plugin writes it)",
        }
        for due in returns_due(desk)
    ]
    listed = {row["name"] for row in rows}
    rows += [{"name": name, "title": bound.info.title} for name, bound in writers.items() if name not in listed]
    show(rows, COLUMNS, form)


@app.command()
def write(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The return, as `returns list` names it.", metavar="NAME")],
    period: Annotated[str, typer.Option("--period", help="Which one, where several are open.", metavar="PERIOD")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="The folder; DIR/out/returns where left out.")] = None,
    at: AtOption = None,
    hindsight: HindsightOption = False,
) -> None:
    """Write one return: CSV for the LA, XLSX for a person, and a manifest."""
    office = open_office(ctx.find_root().obj)
    for file in write_named(office, name, period=period, out=out, at=at, hindsight=hindsight):
        say(str(file))


def write_named(
    office: Office,
    name: str,
    *,
    period: str = "",
    out: Path | None = None,
    at: str | None = None,
    hindsight: bool = False,
) -> list[Path]:
    """Write one return. Raises ConfigurationError where no plugin writes it, or several periods are open."""
    writers = office.registry.returns
    if name not in writers:
        there = ", ".join(writers) or "none"
        raise ConfigurationError(f"no plugin in use writes a return called {name!r}; there are: {there}")
    with office.store() as store:
        desk = desk_at(office, store, at, hindsight)
    return write_return(desk, _the_one(desk, name, period), writers[name], out or office.settings.out_folder / FOLDER)


def _the_one(desk: Desk, name: str, period: str) -> ReturnDue:
    open_ones = [due for due in returns_due(desk) if due.name == name and period in ("", due.period)]
    if not open_ones:
        if period:
            raise ConfigurationError(f"{name} has no line for {period!r}; `mbls-sync returns list` shows what it has")
        # Asked for before any line fell due: an empty return of today is an answer too.
        return due_without_lines(name, desk)
    if len(open_ones) > 1 and not period:
        # The latest is what falls due next; the earlier ones are named, not guessed at.
        current = [due for due in open_ones if due.due >= desk.now.date()]
        if len(current) == 1:
            return current[0]
        periods = ", ".join(due.period for due in open_ones)
        raise ConfigurationError(f"{name} is open for several periods: {periods}; say --period and one of them")
    return open_ones[0]
