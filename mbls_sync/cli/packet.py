"""`mbls-sync packet`: writes the packet of one pupil, or of every referral that is due; says whether one is ready."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from mbls_sync.cli import packet_lint
from mbls_sync.cli.asking import AtOption, HindsightOption
from mbls_sync.cli.desks import desk_at
from mbls_sync.cli.packet_asked import filed, referrals, the_builder
from mbls_sync.cli.passes import working
from mbls_sync.cli.show import say
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.errors import ConfigurationError


class WriteByDefault(TyperGroup):
    """Runs `write` where a kind of packet is named and no command of the group."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Name the command that was meant."""
        bare = bool(args) and args[0] not in (*self.commands, "-h", "--help")
        return super().parse_args(ctx, ["write", *args] if bare else args)


app = typer.Typer(
    cls=WriteByDefault, add_completion=False, help="Write the packet of a pupil, or of all that are due; lint one."
)
app.command("lint")(packet_lint.lint_packet)


@app.command("write")
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
    office = open_office(ctx.find_root().obj)
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
    the_builder(office, kind)
    with office.store() as store:
        desk = desk_at(office, store, at, hindsight)
        return filed(office, store, desk, referrals(desk, kind, upn), out, passphrase)


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
