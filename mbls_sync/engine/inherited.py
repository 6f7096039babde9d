"""Going live in mid-year: what the rules would already have asked for is listed for triage and starts no clock."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from mbls_sync.engine.apply import Pseudonym, Rules, judge
from mbls_sync.engine.resolve import resolve
from mbls_sync.engine.world import World


def eve_of(go_live: date, zone: ZoneInfo) -> datetime:
    """The first moment of the day on which a school goes live."""
    return datetime.combine(go_live, time.min, tzinfo=zone)


def already_called_for(world: World, rules: Rules, pseudonym: Pseudonym) -> frozenset[str]:
    """The keys of all that is called for in a world as it was known when the school went live."""
    return frozenset(decision.key for decision in resolve(judge(world, rules, pseudonym), world).judged.decisions)
