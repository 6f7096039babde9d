"""`mbls-sync disclosures`: what left the school, about whom and to whom; exports all that is held about one pupil."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from mbls_sync.cli.groups import ListByDefault
from mbls_sync.cli.packet import passphrase_in
from mbls_sync.cli.show import Format, FormatOption, plain, say, show, warn
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery.files import put
from mbls_sync.delivery.subject import SubjectFile, all_about
from mbls_sync.delivery.subject_files import subject_files
from mbls_sync.errors import ConfigurationError
from mbls_sync.render.archive import sealed_zip, zip_of
from mbls_sync.store import audit, disclosures, inputs, people
from mbls_sync.store.database import Store, Tx
from mbls_sync.store.disclosures import Disclosure

app = typer.Typer(
    cls=ListByDefault, add_completion=False, help="List what left the school; export all that is held about a pupil."
)

COLUMNS = ("at", "document", "recipient", "duty", "channel", "by", "pupils", "sha256")
UpnOption = Annotated[str | None, typer.Option("--upn", help="Only what is about this pupil.", metavar="UPN")]


@app.command("list")
def list_disclosures(ctx: typer.Context, upn: UpnOption = None, form: FormatOption = Format.TABLE) -> None:
    """List every file that left the school: when, to whom, under which duty, and about how many pupils."""
    office = open_office(ctx.find_root().obj)
    with office.store() as store, store.read() as tx:
        found = list(disclosures.entries(tx, subject=None if upn is None else _pseudonym(tx, upn)))
    show([_row(entry) for entry in found], COLUMNS, form)


@app.command()
def log(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; standard output where left out.")] = None,
) -> None:
    """Write the whole log with its seals, one JSON object a line; pupils stand in it by pseudonym."""
    office = open_office(ctx.find_root().obj)
    with office.store() as store, store.read() as tx:
        lines = [json.dumps(_whole(entry), ensure_ascii=False, default=plain) for entry in disclosures.entries(tx)]
    text = "".join(f"{line}\n" for line in lines)
    if file is None:
        sys.stdout.write(text)
        return
    file.write_text(text, encoding="utf-8")
    say(f"{len(lines)} entries: {file}")


@app.command()
def export(
    ctx: typer.Context,
    upn: Annotated[str, typer.Argument(help="The pupil.", metavar="UPN")],
    out: Annotated[Path | None, typer.Option("--out", help="The folder; DIR/out/subject where left out.")] = None,
    sealed_with: Annotated[
        Path | None,
        typer.Option("--sealed-with", help="A file with the passphrase: the zip is sealed."),
    ] = None,
) -> None:
    """Write all that is held about one pupil, for a subject access request: a page, JSON and CSV in a zip."""
    office = open_office(ctx.find_root().obj)
    secret = passphrase_in(sealed_with)
    with office.store() as store:
        found = _gathered(office, store, upn)
    files = subject_files(found, office.settings.the_school())
    data = zip_of(files) if secret is None else sealed_zip(files, secret)
    name = f"subject_{found.pseudonym}_{found.at:%Y%m%d}.zip"
    say(str(put(out or office.settings.out_folder / "subject", name, data)))
    for line in found.to_look_at[:10]:
        warn(f"look at it before it is handed over: {line}")


def _gathered(office: Office, store: Store, upn: str) -> SubjectFile:
    now = office.local_now()
    with store.begin() as tx:
        roll = inputs.roll(tx)
        pupil = next((pupil for pupil in roll if pupil.id == upn), None)
        if pupil is None:
            raise ConfigurationError("nobody who is or was on the roll has that UPN; `mbls-sync figures` lists them")
        name = people.pseudonym(tx, pupil.id)
        found = all_about(tx, pupil, roll, office.codebook, office.settings.out_folder, now)
        audit.append(tx, "subject.exported", name, {"pupil": name}, now)
    return found


def _pseudonym(tx: Tx, upn: str) -> str:
    for pupil, name in people.pseudonyms(tx).items():
        if pupil == upn:
            return name
    raise ConfigurationError("nobody of whom anything is held has that UPN; `mbls-sync figures` lists every UPN")


def _row(entry: Disclosure) -> dict[str, Any]:
    names = ("at", "document", "recipient", "duty", "channel", "by", "sha256")
    return {name: getattr(entry, name) for name in names} | {"pupils": len(entry.subjects)}


def _whole(entry: Disclosure) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}
