"""`mbls-sync extract`: prints the register of a pupil or a class for an authority, and remembers who was given it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mbls_sync.cli.asking import day
from mbls_sync.cli.desks import desk_now
from mbls_sync.cli.show import say
from mbls_sync.cli.wiring import open_office
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.extract import Asked, extract
from mbls_sync.delivery.files import put, safe_name, sha256
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.marks import PupilId
from mbls_sync.render.pdf import packet_pdf
from mbls_sync.store import disclosures, people, registers
from mbls_sync.store.database import Store
from mbls_sync.store.disclosures import Disclosure

app = typer.Typer(add_completion=False)

FOLDER = "extracts"
DUTY = "REG-19"


@app.command("extract")
def extract_command(
    ctx: typer.Context,
    to: Annotated[str, typer.Option("--to", help="The authority that asked for it.", metavar="WHO")],
    by: Annotated[str, typer.Option("--by", help="Who of the staff gives it out.", metavar="NAME")],
    first: Annotated[str, typer.Option("--from", help="The first day.", metavar="DATE")],
    last: Annotated[str, typer.Option("--until", help="The last day.", metavar="DATE")],
    upn: Annotated[str, typer.Option("--upn", help="One pupil.", metavar="UPN")] = "",
    class_name: Annotated[str, typer.Option("--class", help="Everybody of a class.", metavar="NAME")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="The folder; DIR/out/extracts where left out.")] = None,
) -> None:
    """Write an extract of the register as a PDF to print. It is logged as given out: about whom, to whom, by whom."""
    office = open_office(ctx.find_root().obj)
    span = day(first, "--from"), day(last, "--until")
    if span[0] > span[1]:
        raise ConfigurationError(f"--from {first} is after --until {last}; write the earlier day first")
    if not to.strip() or not by.strip():
        raise ConfigurationError("--to and --by must say who asked for it and who gives it out: that is logged")
    with office.store() as store:
        desk = desk_now(office, store)
        asked = Asked(_pupils(desk, upn, class_name), *span, to.strip())
        file = write(store, desk, asked, by.strip(), out or office.settings.out_folder / FOLDER)
    count = len(asked.pupils)
    say(f"{file}: {count} pupil{'' if count == 1 else 's'}, logged as given to {asked.recipient}")


def write(store: Store, desk: Desk, asked: Asked, by: str, folder: Path) -> Path:
    """Write the extract and log it in one go; the name of the file holds no pupil's name."""
    with store.begin() as tx:
        names = people.assigned(tx, asked.pupils)
        amended = {pupil: registers.amendments(tx, pupil) for pupil in asked.pupils}
        data = packet_pdf(extract(desk, asked, amended), desk.school, desk.now.date())
        subjects = tuple(names[pupil] for pupil in asked.pupils)
        about = subjects[0] if len(subjects) == 1 else f"{len(subjects)}-pupils"
        file = put(folder, f"register-extract-{desk.now:%Y-%m-%d-%H%M}-{safe_name(about)}.pdf", data)
        given = Disclosure(
            document="register-extract",
            channel="by hand",
            recipient=asked.recipient,
            duty=DUTY,
            file=file.name,
            sha256=sha256(data),
            members={},
            subjects=subjects,
            by=by,
            at=desk.now,
        )
        disclosures.record(tx, given)
    return file


def _pupils(desk: Desk, upn: str, class_name: str) -> tuple[PupilId, ...]:
    if bool(upn) == bool(class_name):
        raise ConfigurationError("say whose register: --upn UPN for one pupil, or --class NAME for a class")
    everybody = [history.pupil for history in desk.histories.values()]
    found = [pupil for pupil in everybody if upn == pupil.id or (class_name and pupil.class_name == class_name)]
    if not found:
        raise ConfigurationError("nobody on this year's register has that UPN or class; `mbls-sync figures` lists them")
    return tuple(pupil.id for pupil in sorted(found, key=lambda pupil: (pupil.surname, pupil.forename, pupil.id)))
