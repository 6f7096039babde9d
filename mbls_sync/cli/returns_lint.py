"""`mbls-sync returns lint`: whether a return is ready, what stops it and whose that is; lets a person override it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption
from mbls_sync.cli.desks import desk_at, desk_now
from mbls_sync.cli.main import NEEDS_A_PERSON
from mbls_sync.cli.returns_asked import ByOption, NameArgument, PeriodOption, person, the_return, the_writer
from mbls_sync.cli.show import Format, FormatOption, say, show
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery.falling_due import RETURNS
from mbls_sync.delivery.lint import OVERRIDDEN, fingerprint
from mbls_sync.delivery.returns import PreparedReturn, prepare, write_return
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.happenings import Event
from mbls_sync.model.lint import Finding, Override
from mbls_sync.store import audit, inputs
from mbls_sync.store.database import Store

COLUMNS = ("weight", "what", "mend", "who", "asked_by", "rule", "upn")
SOURCE = "mbls-sync returns"


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
        if override:
            prepared = _overridden(office, store, prepared, override, person(office, by))
            write_return(desk_now(office, store), prepared.due, the_writer(office, name), _folder(office))
    _tell(prepared, form)
    if not prepared.linted.may_leave:
        raise typer.Exit(NEEDS_A_PERSON)


def _overridden(office: Office, store: Store, prepared: PreparedReturn, why: str, by: str) -> PreparedReturn:
    found, now = prepared.linted, office.local_now()
    if not found.stopping:
        raise ConfigurationError(f"nothing stops {prepared.ref}, so there is nothing to override")
    event = Event(now, OVERRIDDEN, outcome=fingerprint(found.findings), by=by, note=why, ref=prepared.ref)
    rules = sorted({finding.rule for finding in found.stopping})
    with store.begin() as tx:
        inputs.append(tx, [event], now, SOURCE)
        audit.append(tx, "lint.overridden", prepared.ref, {"rules": rules, "findings": len(found.stopping)}, now)
    return replace(prepared, linted=replace(found, override=Override(by, now, why)))


def _folder(office: Office) -> Path:
    return office.settings.out_folder / RETURNS


def _tell(prepared: PreparedReturn, form: Format) -> None:
    found = prepared.linted
    rows = [_row(finding) for finding in found.findings]
    head: dict[str, Any] = {"return": prepared.ref, "standing": str(found.standing)}
    if found.override is not None:
        head |= {"overridden_by": found.override.by, "overridden_because": found.override.why}
    if form is Format.TABLE:
        if rows:
            show(rows, COLUMNS, form)
        who = f", by {found.override.by}: {found.override.why}" if found.override else ""
        stops = f" ({len(found.stopping)} stop it)" if found.stopping else ""
        say(f"{prepared.ref}: {found.standing}{stops}{who}")
    else:
        show(rows, COLUMNS, form, head=head)


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "weight": str(finding.weight),
        "what": finding.says,
        "mend": finding.mend,
        "who": finding.owner,
        "asked_by": finding.asked_by,
        "rule": finding.rule,
        "upn": finding.pupil,
    }
