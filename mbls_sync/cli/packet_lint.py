"""`mbls-sync packet lint`: whether a packet is ready, what stops it and whose that is; lets a person override it."""

from __future__ import annotations

from typing import Annotated

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption
from mbls_sync.cli.desks import desk_at, desk_now
from mbls_sync.cli.lint_told import overridden, tell
from mbls_sync.cli.main import NEEDS_A_PERSON
from mbls_sync.cli.packet_asked import filed, referrals, the_builder
from mbls_sync.cli.returns_asked import ByOption, person
from mbls_sync.cli.show import Format, FormatOption, say
from mbls_sync.cli.wiring import open_office
from mbls_sync.delivery.packets import prepare
from mbls_sync.errors import ConfigurationError


def lint_packet(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help="The kind of packet, such as ewo.", metavar="KIND")],
    upn: Annotated[str, typer.Argument(help="The pupil.", metavar="UPN")],
    override: Annotated[str, typer.Option("--override", help="Let it leave all the same: why.", metavar="TEXT")] = "",
    by: ByOption = "",
    at: AtOption = None,
    hindsight: HindsightOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say whether a packet is ready, and what stops it. Exit code 1 where it is not.

    An override holds for what is found now and for nothing further; it is audited, and the files are written again.
    """
    office = open_office(ctx.find_root().obj)
    if override and (at or hindsight):
        raise ConfigurationError("--override is about the packet as it stands now; leave out --at and --hindsight")
    builder = the_builder(office, kind)
    with office.store() as store:
        desk = desk_at(office, store, at, hindsight)
        asked = referrals(desk, kind, upn)[:1]
        prepared = prepare(desk, asked[0], builder)
        found = prepared.linted
        if override:
            found = overridden(office, store, prepared.paper.ref, found, override, person(office, by))
            filed(office, store, desk_now(office, store), asked)
    tell(f"packet {kind}", found, form)
    if not prepared.checked:
        say("the LA's profile names no check for this packet; config/README.md says how to add them")
    if not found.may_leave:
        raise typer.Exit(NEEDS_A_PERSON)
