"""The spells of illness of some pupils over a span."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from mbls_sync.figures.patterns import ILLNESS
from mbls_sync.figures.runs import Run, runs
from mbls_sync.figures.seen import OUTSIDE, seen
from mbls_sync.figures.slots import span
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Session


def illness_spells(
    pupils: Sequence[Pupil], years: Iterable[RegisterPages], first: date, last: Session
) -> Mapping[PupilId, tuple[Run, ...]]:
    """Each pupil's spells of illness from `first` to `last`, in order; a spell over either end is cut there."""
    found: dict[PupilId, tuple[Run, ...]] = {}
    for pages in years:
        over = span(pages.year, first, last)
        if over.stop <= over.start:
            continue
        marks = seen(pages, pupils)
        marks[:, : over.start] = marks[:, over.stop :] = OUTSIDE
        wanted = pages.encoding.bytes_of(ILLNESS)
        for pupil, line in zip(pupils, marks, strict=True):
            spells = runs(line.tobytes(), pages.grid, wanted)
            if spells:
                found[pupil.id] = (*found.get(pupil.id, ()), *spells)
    return found
