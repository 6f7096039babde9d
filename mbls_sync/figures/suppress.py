"""Which groups of a published table are left out, so that no figure tells of only a few pupils.

A group of fewer pupils than the smallest that may be shown is hidden. That alone is not enough: what is hidden
could be worked out from what is shown (the whole school less every other year group). So further groups are
hidden, the smallest first, until neither a sum nor a difference of shown groups leaves only a few pupils.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mbls_sync.model.marks import PupilId

Members = frozenset[PupilId]
Line = NDArray[np.float64]

TOLERANCE = 1e-7
"""What is smaller is no part of a sum: the lines hold noughts and ones, so that real weights are far from it."""


@dataclass(frozen=True, slots=True)
class Published:
    """Groups of one table by name, and the groupings that each divide pupils without overlap (years, classes).

    `parts` names the groups of each grouping; groups of two groupings may overlap.
    """

    groups: Mapping[str, Members]
    parts: tuple[tuple[str, ...], ...] = ()


def hidden(table: Published, everybody: Members, at_least: int, also: Iterable[str] = ()) -> frozenset[str]:
    """The names of the groups that may not be shown beside the figure of `everybody`; an empty group may be.

    `also` are hidden for another reason already. After it, for what is shown: no group has from 1 to `at_least`
    - 1 pupils; no group less one that it contains leaves so few; no grouping's pupils that are not in any of its
    shown groups are so few; and no hidden group is a sum or difference of shown ones.
    """
    gone = {name for name, members in table.groups.items() if 0 < len(members) < at_least} | set(also)
    lines = _lines(table, everybody)
    while (worst := _to_hide_next(table, everybody, at_least, frozenset(gone), lines)) is not None:
        gone.add(worst)
    return frozenset(gone)


def _to_hide_next(
    table: Published, everybody: Members, at_least: int, gone: frozenset[str], lines: Mapping[str, Line]
) -> str | None:
    """The smallest shown group that takes part in giving something away; None where nothing is given away."""
    shown = {name: members for name, members in table.groups.items() if name not in gone and members}
    suspects = {name for given_by in _worked_out(gone, lines).values() for name in given_by}
    if not suspects:
        suspects = {*_residues(table, everybody, at_least, gone), *_differences(shown, everybody, at_least)}
    return min(suspects, key=lambda name: (len(shown[name]), name), default=None)


def _worked_out(gone: frozenset[str], lines: Mapping[str, Line]) -> Mapping[str, tuple[str, ...]]:
    """Each hidden group that is a sum or difference of shown ones, with those without which it would not be.

    Where it follows in several ways at once, so that no one group decides, with all that it is made up from.
    """
    names = [name for name in sorted(gone) if name in lines]
    shown = [name for name in lines if name not in gone]
    if not names:
        return {}
    base, wanted = np.array([lines[name] for name in shown]), np.array([lines[name] for name in names])
    inverse = np.linalg.pinv(base)
    weights = wanted @ inverse
    found = np.abs(weights @ base - wanted).max(axis=1) < TOLERANCE
    # A group that is no sum of the others has the same weight in every way to work the hidden one out.
    alone = np.abs(np.diag(base @ inverse) - 1) < TOLERANCE
    taking_part = np.abs(weights) > TOLERANCE
    taking_part[:, shown.index("")] = False
    return {
        name: tuple(
            other for other, takes in zip(shown, part & alone if (part & alone).any() else part, strict=True) if takes
        )
        for name, part, is_found in zip(names, taking_part, found, strict=True)
        if is_found
    }


def _residues(table: Published, everybody: Members, at_least: int, gone: frozenset[str]) -> Iterator[str]:
    """The shown groups of each grouping that leave only a few pupils of everybody, or of a shown group, over."""
    for part in table.parts:
        shown = {name: table.groups[name] for name in part if name not in gone and table.groups[name]}
        covered: Members = frozenset().union(*shown.values())
        if _few(everybody - covered, at_least):
            yield from shown
        for name, members in table.groups.items():
            inside = {other: mine for other, mine in shown.items() if mine < members}
            if name not in gone and inside and _few(members - frozenset().union(*inside.values()), at_least):
                yield from inside


def _differences(shown: Mapping[str, Members], everybody: Members, at_least: int) -> Iterator[str]:
    """The smaller of any two shown groups, one in the other, that differ by only a few pupils."""
    for name, members in shown.items():
        if _few(everybody - members, at_least):
            yield name
    for one, other in combinations(sorted(shown, key=lambda name: len(shown[name])), 2):
        if shown[one] < shown[other] and _few(shown[other] - shown[one], at_least):
            yield one


def _few(members: Members, at_least: int) -> bool:
    return 0 < len(members) < at_least


def _lines(table: Published, everybody: Members) -> Mapping[str, Line]:
    """One line a group with pupils, one column for each kind of pupil: those who are in exactly the same groups.

    Everybody stands under the empty name.
    """
    groups = {"": everybody, **{name: members for name, members in table.groups.items() if members}}
    if not everybody:
        return {}
    kinds = sorted(
        {tuple(pupil in members for members in groups.values()) for pupil in everybody.union(*groups.values())}
    )
    columns = np.array(kinds, dtype=np.float64).T
    return dict(zip(groups, columns, strict=True))
