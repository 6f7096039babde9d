"""Files for the LA and the EWO that a pass writes by itself: returns that fall due, packets of open referrals.

A return is written anew on every pass of its due day, for its figures still move, and stands once nothing stops it. A
packet is written once, when its referral opens: whoever completes it must not find it changed. Both are
written again on request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from mbls_sync.delivery import packets, returns
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.packets import PacketBuilder, referral_of, write_packet
from mbls_sync.delivery.return_entries import open_returns
from mbls_sync.delivery.returns import ReturnWriter, write_return
from mbls_sync.model.deliveries import Kind
from mbls_sync.model.marks import PupilId

Job = Callable[[], list[Path]]
"""Writes one paper; its files."""

RETURNS, PACKETS = "returns", "packets"
"""Where they lie below the out folder."""


@dataclass(frozen=True)
class Writers:
    """Who lays out returns and packets, by name and kind, and the pseudonyms that stand in a packet's file names."""

    returns: Mapping[str, ReturnWriter] = field(default_factory=dict)
    packets: Mapping[str, PacketBuilder] = field(default_factory=dict)
    pseudonyms: Mapping[PupilId, str] = field(default_factory=dict)


def falling_due(desk: Desk, writers: Writers, out: Path) -> list[Job]:
    """What is to be written now below `out`. Without a writer nothing is: the list still names what is due."""
    return [*_returns(desk, writers, out / RETURNS), *_packets(desk, writers, out / PACKETS)]


def _returns(desk: Desk, writers: Writers, folder: Path) -> list[Job]:
    today = desk.now.date()
    return [
        partial(write_return, desk, due, writers.returns[due.name], folder)
        for due in open_returns(desk)
        if due.name in writers.returns
        and (due.due == today or (due.due < today and not returns.stands_filed(due, desk, folder)))
    ]


def _packets(desk: Desk, writers: Writers, folder: Path) -> list[Job]:
    referrals = [referral_of(effect) for effect in desk.to_do(Kind.REFERRAL)]
    named = [(referral, writers.pseudonyms.get(referral.pupil, "")) for referral in referrals]
    return [
        partial(write_packet, desk, referral, writers.packets[referral.kind], name, folder)
        for referral, name in named
        if name and referral.kind in writers.packets and not packets.is_filed(referral, name, folder)
    ]
