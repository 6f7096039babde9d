"""An export that is about other pupils than the school's: another school's, put into the wrong folder."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.store import inputs, people, registers
from mbls_sync.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class TooMany:
    """How many strangers are too many for new starters: `percent` of those at school, and more than one class."""

    percent: Decimal
    least: int = 0


NEVER = TooMany(Decimal("Infinity"))


@dataclass(frozen=True, slots=True)
class Known:
    """Everybody whom the school ever knew, and those of them who are there."""

    ever: Collection[PupilId]
    there: Collection[PupilId]


def by_roll(tx: Tx, today: date) -> Known:
    """Whom the roll knows."""
    return _of_roll(inputs.roll(tx), today)


def by_roll_or_marks(tx: Tx, today: date) -> Known:
    """Whom the roll knows, or any mark of any year: a new year's registers are empty, and its pupils no strangers."""
    roll = by_roll(tx, today)
    latest = registers.years(tx)[-1:]
    marked = [pupil for year in latest for pupil in registers.load(tx, year).pages]
    return Known({*roll.ever, *people.pseudonyms(tx)}, roll.there or marked)


def why_strange(came: Iterable[PupilId], known: Known, most: TooMany) -> str:
    """Why a person must look first: nobody of those who came is known, and they are too many for new starters.

    Empty where nobody must look, or nobody is known yet.
    """
    strangers, there = set(came), len(known.there)
    if not there or len(strangers) < max(most.least, 1) or 100 * len(strangers) < most.percent * there:
        return ""
    if not strangers.isdisjoint(known.ever):
        return ""
    return (
        f"none of its {len(strangers)} pupils is one of the {there} who are known here. That is what another "
        f"school's export looks like"
    )


def _of_roll(roll: Iterable[Pupil], today: date) -> Known:
    everybody = {pupil.id: pupil.on_roll(today) for pupil in roll}
    return Known(everybody, [pupil for pupil, there in everybody.items() if there] or list(everybody))
