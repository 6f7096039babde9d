"""`mbls-sync pull`: fetches marks and everything else that has changed; lets a held pull through."""

from __future__ import annotations

from typing import Annotated

import typer

from mbls_sync.cli.asking import WithoutOption
from mbls_sync.cli.passes import one_pass, tell
from mbls_sync.cli.show import Format, FormatOption, say
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.errors import ConfigurationError
from mbls_sync.pipeline.parts import PULL
from mbls_sync.store import audit, quarantine

app = typer.Typer(add_completion=False)


@app.command()
def pull(
    ctx: typer.Context,
    release: Annotated[
        str | None, typer.Option("--release", help="Let a pull through that was held for a person.", metavar="ID")
    ] = None,
    settle: Annotated[
        str | None, typer.Option("--settle", help="Say that a quarantined or held file was dealt with.", metavar="FILE")
    ] = None,
    without: WithoutOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Fetch marks and everything else that has changed."""
    office = open_office(ctx.obj, without=without)
    if release is not None:
        _release(office, release)
        if form is Format.TABLE:
            say(f"{release} is let through when it comes again")
    if settle is not None:
        _settle(office, settle)
    tell(office, one_pass(office, frozenset({PULL}), "pulling"), form)


def _release(office: Office, id: str) -> None:
    with office.store() as store, store.begin() as tx:
        if not quarantine.release(tx, id):
            waiting = ", ".join(pull.id for pull in quarantine.held(tx)) or "none"
            raise ConfigurationError(f"no held pull has the id {id!r}; held now: {waiting}")
        audit.append(tx, "pull.released", id, {"id": id}, office.clock())


def _settle(office: Office, source: str) -> None:
    with office.store() as store, store.begin() as tx:
        rows, pulls = quarantine.open_rows(tx), quarantine.held(tx)
        if not quarantine.resolve(tx, source):
            waiting = sorted({*(found.row.source for found in rows), *(pull.source for pull in pulls)})
            there = ", ".join(waiting) or "none"
            raise ConfigurationError(f"nothing of {source!r} is in quarantine or held; there now: {there}")
        audit.append(tx, "quarantine.settled", source, {"source": source}, office.clock())
