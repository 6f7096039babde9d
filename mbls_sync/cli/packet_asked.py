"""Which packet a command asks for: its builder, the referrals it is about, and where their files go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from mbls_sync.cli.wiring import Office
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.packets import PacketBuilder, referral_of, write_packet
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.decisions import Because
from mbls_sync.model.deliveries import Kind
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import Referral
from mbls_sync.store import people
from mbls_sync.store.database import Store

FOLDER = "packets"


def the_builder(office: Office, kind: str) -> PacketBuilder:
    """Who builds a kind of packet. Raises ConfigurationError where no plugin does."""
    builders = office.registry.packets
    if kind not in builders:
        there = ", ".join(builders) or "none"
        raise ConfigurationError(f"no plugin in use builds a packet of kind {kind!r}; there are: {there}")
    return builders[kind]


def referrals(desk: Desk, kind: str, upn: str | None) -> Sequence[Referral]:
    """The open referrals of a kind, of one pupil or all; for a pupil without one, a referral at a person's request."""
    found = [referral_of(effect) for effect in desk.to_do(Kind.REFERRAL)]
    mine = [referral for referral in found if referral.kind == kind and upn in (None, referral.pupil)]
    if mine or upn is None:
        return mine
    if upn not in desk.histories:
        raise ConfigurationError("nobody on the roll has that UPN; `mbls-sync figures` lists every UPN")
    because = Because(rule="", cites="at a person's request")
    today = desk.now.date()
    return [Referral(kind, PupilId(upn), f"request {today.isoformat()}", today, "at the school's request", because)]


def filed(
    office: Office,
    store: Store,
    desk: Desk,
    asked: Iterable[Referral],
    out: Path | None = None,
    passphrase: str | None = None,
) -> list[Path]:
    """Write the packet of each referral into `out`, or where packets lie. Raises as `the_builder`."""
    folder = out or office.settings.out_folder / FOLDER
    written: list[Path] = []
    for referral in asked:
        with store.begin() as tx:
            name = people.pseudonym(tx, referral.pupil)
        written += write_packet(desk, referral, the_builder(office, referral.kind), name, folder, passphrase)
    return written
