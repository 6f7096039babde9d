"""`mbls-sync letters`: every letter and certificate, filled with a made-up pupil, to look at before it is used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mbls_sync.cli.show import say
from mbls_sync.cli.wiring import open_office
from mbls_sync.delivery.letters import try_letters

app = typer.Typer(add_completion=False)


@app.command()
def letters(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write them.")] = Path("letters-to-look-at"),
) -> None:
    """Write every letter filled with a made-up pupil, to look at before it is used."""
    office = open_office(ctx.find_root().obj)
    written = try_letters(office.folders.templates, office.settings.the_school(), office.local_now(), folder)
    for file in written:
        say(str(file))
