"""`mbls-sync returns`: which LA returns there are, when they are due and how they stand; writes one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from mbls_sync.cli import returns_lint, returns_steps
from mbls_sync.cli.asking import AtOption, HindsightOption
from mbls_sync.cli.desks import desk_at
from mbls_sync.cli.groups import ListByDefault
from mbls_sync.cli.returns_asked import (
    NameArgument,
    PeriodOption,
    refuse_what_the_la_has,
    the_return,
    the_writer,
)
from mbls_sync.cli.show import Format, FormatOption, say, show
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.falling_due import RETURNS
from mbls_sync.delivery.returns import PreparedReturn, ReturnWriter, prepare, write_return
from mbls_sync.delivery.timetable_of_returns import ahead
from mbls_sync.errors import ConfigurationError

app = typer.Typer(
    cls=ListByDefault,
    add_completion=False,
    help="List the returns for the LA; write one, look whether it is ready, say what the LA said.",
)
app.command("lint")(returns_lint.lint_return)
app.command("acknowledge")(returns_steps.acknowledge)
app.command("query")(returns_steps.query)
app.command("correct")(returns_steps.correct)
app.command("retract")(returns_steps.retract)

COLUMNS = ("name", "period", "from", "to", "due", "state", "late", "stops", "pupils", "number", "title")


@app.command("list")
def list_returns(
    ctx: typer.Context, at: AtOption = None, hindsight: HindsightOption = False, form: FormatOption = Format.TABLE
) -> None:
    """List every return that has a line or falls due next, how it stands, and every one that can be written."""
    office = open_office(ctx.find_root().obj)
    with office.store() as store:
        desk = desk_at(office, store, at, hindsight)
    show(list(rows(desk, office)), COLUMNS, form)


@app.command()
def write(
    ctx: typer.Context,
    name: NameArgument,
    period: PeriodOption = "",
    out: Annotated[Path | None, typer.Option("--out", help="The folder; DIR/out/returns where left out.")] = None,
    at: AtOption = None,
    hindsight: HindsightOption = False,
) -> None:
    """Write one return: the file for the LA, a workbook, its checklist, and a manifest."""
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
    """Write one return.

    Raises ConfigurationError where no plugin writes it, several periods are open, or what was so in the past, or what
    the LA has already, would lie among what goes to the LA.
    """
    writer = the_writer(office, name)
    if at and out is None:
        raise ConfigurationError(
            "--at writes the return as it would have been then, and out/returns holds what goes to the LA: say where, "
            "with --out FOLDER"
        )
    with office.store() as store:
        desk = desk_at(office, store, at, hindsight)
    due = the_return(desk, name, period)
    if out is None:
        refuse_what_the_la_has(prepare(desk, due, writer))
    return write_return(desk, due, writer, out or office.settings.out_folder / RETURNS)


def rows(desk: Desk, office: Office) -> Iterator[dict[str, Any]]:
    """One row a return: those with a line and those that fall due next, by due date, then the rest by name."""
    writers, listed = office.registry.returns, set()
    for due in ahead(desk, writers):
        listed.add(due.name)
        facts = {"name": due.name, "period": due.period, "from": due.first, "to": due.last, "due": due.due}
        if due.name in writers:
            yield {**facts, **_standing(desk, prepare(desk, due, _writer(office, due.name)))}
        else:
            yield {**facts, "title": "(no plugin writes it)"}
    yield from ({"name": name, "title": bound.info.title} for name, bound in writers.items() if name not in listed)


def _standing(desk: Desk, prepared: PreparedReturn) -> dict[str, Any]:
    return {
        "state": str(prepared.state),
        "late": prepared.is_late(desk.now.date()),
        "stops": len(prepared.linted.stopping),
        "pupils": len(prepared.table.rows),
        "number": prepared.number,
        "title": prepared.form.title or prepared.table.title,
    }


def _writer(office: Office, name: str) -> ReturnWriter:
    return office.registry.returns[name]
