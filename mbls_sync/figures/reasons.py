"""How many sessions of some pupils were marked with each code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from mbls_sync.figures.seen import seen
from mbls_sync.figures.slots import span
from mbls_sync.model.attendance import Cohort
from mbls_sync.model.codes import Code, Meaning
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Session


def by_code(
    pupils: Sequence[Pupil],
    years: Iterable[RegisterPages],
    first: date,
    last: Session,
    cohort: Cohort = Cohort.ALL_ROLL,
) -> Mapping[tuple[Code, Meaning], int]:
    """Sessions by code and meaning from `first` to `last`, both inclusive, sessions without a mark left out."""
    found: Counter[tuple[Code, Meaning]] = Counter()
    for pages in years:
        over = span(pages.year, first, last)
        marks = seen(pages, pupils, cohort)[:, over]
        counts = np.bincount(marks.ravel(), minlength=256)
        for byte, pair in pages.encoding.pairs.items():
            if counts[byte]:
                found[pair] += int(counts[byte])
    return dict(sorted(found.items()))
