"""`mbls-sync returns lint`: whether a return is ready, what stops it and whose that is; lets a person override it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption
from mbls_sync.cli.desks import desk_at, desk_now
from mbls_sync.cli.lint_told import overridden, tell
from mbls_sync.cli.main import NEEDS_A_PERSON
from mbls_sync.cli.returns_asked import (
    ByOption,
    NameArgument,
    PeriodOption,
    person,
    refuse_what_the_la_has,
    the_return,
    the_writer,
)
from mbls_sync.cli.show import Format, FormatOption
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery.falling_due import RETURNS
from mbls_sync.delivery.returns import prepare, write_return
from mbls_sync.errors import ConfigurationError


def lint_return(
    ctx: typer.Context,
    name: NameArgument,
    period: PeriodOption = "",
    override: Annotated[str, typer.Option("--override", help="Let it leave all the same: why.", metavar="TEXT")] = "",
    by: ByOption = "",
    at: AtOption = None,
    hindsight: HindsightOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say whether a return is ready, and what stops it. Exit code 1 where it is not.

    An override holds for what is found now and for nothing further; it is audited, and the files are written again.
    """
    office = open_office(ctx.find_root().obj)
    if override and (at or hindsight):
        raise ConfigurationError("--override is about the return as it stands now; leave out --at and --hindsight")
    with office.store() as store:
        desk = desk_at(office, store, at, hindsight)
        prepared = prepare(desk, the_return(desk, name, period), the_writer(office, name))
        found = prepared.linted
        if override:
            refuse_what_the_la_has(prepared)
            found = overridden(office, store, prepared.ref, found, override, person(office, by))
            write_return(desk_now(office, store), prepared.due, the_writer(office, name), _folder(office))
    tell(prepared.ref, found, form)
    if not found.may_leave:
        raise typer.Exit(NEEDS_A_PERSON)


def _folder(office: Office) -> Path:
    return office.settings.out_folder / RETURNS
