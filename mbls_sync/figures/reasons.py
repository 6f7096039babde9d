"""How many sessions of some pupils were marked with each code, and whose they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mbls_sync.figures.seen import seen
from mbls_sync.figures.slots import span
from mbls_sync.model.attendance import Cohort
from mbls_sync.model.codes import Code, Meaning
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Session


@dataclass(frozen=True, slots=True)
class CodeCount:
    """Sessions with one code, and the pupils who had one."""

    sessions: int = 0
    pupils: frozenset[PupilId] = frozenset()

    def __add__(self, other: CodeCount) -> CodeCount:
        """Both together."""
        return CodeCount(self.sessions + other.sessions, self.pupils | other.pupils)


def by_code(
    pupils: Sequence[Pupil],
    years: Iterable[RegisterPages],
    first: date,
    last: Session,
    cohort: Cohort = Cohort.ALL_ROLL,
) -> Mapping[tuple[Code, Meaning], CodeCount]:
    """Possible sessions by code and meaning from `first` to `last`, both inclusive."""
    found: dict[tuple[Code, Meaning], CodeCount] = {}
    for pages in years:
        marks = seen(pages, pupils, cohort)[:, span(pages.year, first, last)]
        for byte, pair in pages.encoding.pairs.items():
            # What reads as not collected may only be outside a pupil's time on roll.
            if pair[1].is_possible and (times := np.count_nonzero(marks == byte, axis=1)).any():
                who = frozenset(pupils[row].id for row in np.flatnonzero(times).tolist())
                found[pair] = found.get(pair, CodeCount()) + CodeCount(int(times.sum()), who)
    return dict(sorted(found.items()))


def few_together(counts: Mapping[Code, CodeCount], at_least: int) -> frozenset[Code]:
    """The codes of one meaning that may only be told of together: each of few pupils, and what they would give away.

    The sessions of the meaning are known, so that one code alone would follow from the others; and those told of
    together are of `at_least` pupils, unless all of them are not.
    """
    order = sorted(counts, key=lambda code: (len(counts[code].pupils), counts[code].sessions, code))
    chosen = [code for code in order if 0 < len(counts[code].pupils) < at_least]
    rest = iter(code for code in order if code not in chosen)
    while chosen and (len(chosen) < 2 or len(frozenset().union(*(counts[c].pupils for c in chosen))) < at_least):
        following = next(rest, None)
        if following is None:
            break
        chosen.append(following)
    return frozenset(chosen)
