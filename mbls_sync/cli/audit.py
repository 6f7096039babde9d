"""`mbls-sync audit`: proves the ledger, and exports ledger and audit trail."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from mbls_sync.cli.main import NEEDS_A_PERSON
from mbls_sync.cli.passes import working
from mbls_sync.cli.show import Format, FormatOption, plain, say, show, warn
from mbls_sync.cli.wiring import open_office
from mbls_sync.store import audit, ledger, proof
from mbls_sync.store.database import Tx

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Prove the ledger, or export it.")


@app.command()
def verify(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Prove that no entry was edited, deleted, reordered or cut, and that the registers follow from them.

    What a purge dropped is proved by its tombstone, which the school's key signed.
    """
    office = open_office(ctx.find_root().obj)
    with office.store() as store, store.read() as tx, working("proving"):
        found = proof.verify_signed(tx, office.signing_key())
    if form is not Format.TABLE:
        head = {"ok": found.ok, "entries": found.entries}
        show([{"problem": problem} for problem in found.problems], ("problem",), form, head=head)
    for problem in found.problems:
        warn(problem)
    if not found.ok:
        raise typer.Exit(NEEDS_A_PERSON)
    if form is Format.TABLE:
        say(f"ok: {found.entries} entries prove the registers")


@app.command()
def export(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; standard output where left out.")] = None,
) -> None:
    """Write ledger and audit trail, one JSON object a line; pupils stand in them by pseudonym."""
    office = open_office(ctx.find_root().obj)
    with office.store() as store, store.read() as tx:
        if file is None:
            _write(tx, sys.stdout)
            return
        with file.open("w", encoding="utf-8") as out:
            count = _write(tx, out)
    say(f"{count} entries: {file}")


def _write(tx: Tx, out: Any) -> int:
    count = 0
    for entry in ledger.export(tx):
        count += 1
        print(json.dumps(entry, ensure_ascii=False, default=plain), file=out)
    for step in audit.entries(tx):
        count += 1
        facts = {name: getattr(step, name) for name in step.__dataclass_fields__}
        print(json.dumps({"chain": "audit", **facts}, ensure_ascii=False, default=plain), file=out)
    return count
