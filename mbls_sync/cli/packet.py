"""`mbls-sync packet`: writes the referral packet of one pupil, or of every referral that is due."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption
from mbls_sync.cli.desks import desk_at
from mbls_sync.cli.passes import working
from mbls_sync.cli.show import say
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.packets import referral_of, write_packet
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.decisions import Because
from mbls_sync.model.deliveries import Kind
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import Referral
from mbls_sync.store import people

app = typer.Typer()

FOLDER = "packets"


@app.command()
def packet(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help="The kind of packet, such as ewo.", metavar="KIND")],
    upn: Annotated[str | None, typer.Argument(help="The pupil.", metavar="UPN")] = None,
    due: Annotated[bool, typer.Option("--due", help="Every open referral of this kind.")] = False,
    sealed_with: Annotated[
        Path | None,
        typer.Option("--sealed-with", help="A file with the passphrase: the zip is sealed.", metavar="FILE"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The folder; DIR/out/packets where left out.")] = None,
    at: AtOption = None,
    hindsight: HindsightOption = False,
) -> None:
    """Write the referral packet of a pupil, or of all that are due. File names carry no pupil's name."""
    if (upn is None) != due:
        raise ConfigurationError("say whose packet: a UPN, or --due for every open referral")
    office = open_office(ctx.obj)
    with working("writing packets"):
        secret = passphrase_in(sealed_with)
        files = write(office, kind, upn, out=out, passphrase=secret, at=at, hindsight=hindsight)
    for file in files:
        say(str(file))
    if not files:
        say(f"no {kind} referral is open")


def write(
    office: Office,
    kind: str,
    upn: str | None,
    *,
    out: Path | None = None,
    passphrase: str | None = None,
    at: str | None = None,
    hindsight: bool = False,
) -> list[Path]:
    """Write the packet of `upn`, or of every open referral of `kind`. Raises ConfigurationError for an unknown one."""
    builders = office.registry.packets
    if kind not in builders:
        there = ", ".join(builders) or "none"
        raise ConfigurationError(f"no plugin in use builds a packet of kind {kind!r}; there are: {there}")
    folder = out or office.settings.out_folder / FOLDER
    written: list[Path] = []
    with office.store() as store:
        desk = desk_at(office, store, at, hindsight)
        for referral in _referrals(desk, kind, upn):
            with store.begin() as tx:
                name = people.pseudonym(tx, referral.pupil)
            written += write_packet(desk, referral, builders[kind], name, folder, passphrase)
    return written


def _referrals(desk: Desk, kind: str, upn: str | None) -> Iterable[Referral]:
    found = [referral_of(effect) for effect in desk.to_do(Kind.REFERRAL)]
    mine = [referral for referral in found if referral.kind == kind and upn in (None, referral.pupil)]
    if mine or upn is None:
        return mine
    if upn not in desk.histories:
        raise ConfigurationError("nobody on the roll has that UPN; `mbls-sync figures` lists every UPN")
    because = Because(rule="", cites="at a person's request")
    today = desk.now.date()
    return [Referral(kind, PupilId(upn), f"request {today.isoformat()}", today, "at the school's request", because)]


def passphrase_in(file: Path | None) -> str | None:
    """The passphrase stands in a file: an argument would show in the list of processes."""
    if file is None:
        return None
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the passphrase cannot be read ({type(error).__name__})", file=file) from None
    if not text:
        raise ConfigurationError("the file of the passphrase is empty; write it there", file=file)
    return text
