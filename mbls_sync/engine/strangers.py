"""Pupils whose mark of today is in the register and who are not on the roll as known here: nobody is judged for them.

A new starter whose register comes before the roll does would be missed, and missed in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mbls_sync.engine.world import World
from mbls_sync.model.codes import Code
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import RaiseTask, Rank
from mbls_sync.model.registers import POSSIBLE
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.subjects import UNEXPLAINED_CODE


def strangers_task(world: World, role: str, due: datetime) -> RaiseTask | None:
    """One task for all of them; None where there is nobody."""
    found = _marked_today(world)
    if not found:
        return None
    missing = sum(UNEXPLAINED_CODE in codes for codes in found.values())
    return RaiseTask(
        kind="not-on-roll",
        title="Export the roll again: there are marks of pupils who are not on it",
        why=f"Marked today and not on the roll: {len(found)}, of them {missing} with {UNEXPLAINED_CODE}. "
        f"Nobody is called about them.",
        due=due,
        role=role,
        rank=Rank.NO_CONTACT if missing else Rank.REGISTER,
        occasion=world.today.isoformat(),
        steps=("Find each by the UPN in the MIS.", "Call home where the pupil is away.", "Export the pupils again."),
        facts=tuple((str(pupil), " ".join(codes)) for pupil, codes in found.items()),
    )


def _marked_today(world: World) -> Mapping[PupilId, tuple[Code, ...]]:
    """Today's codes of each pupil not on the roll, where they count as a session the pupil was to come to."""
    pages, here = world.pages, {pupil.id for pupil in world.on_roll}
    slots = pages.grid.slots(Session(world.today, period) for period in Period)
    found: dict[PupilId, tuple[Code, ...]] = {}
    for pupil in sorted(pages.pages.keys() - here):
        marks = [pages.page(pupil)[slot] for slot in slots]
        if any(mark & POSSIBLE for mark in marks):
            found[pupil] = tuple(pages.encoding.code(mark) or "·" for mark in marks)
    return found
