"""The classes' attendance over a span, in the order of a celebration: no pupil's figure is told by it."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import groupby

from mbls_rules_school.wording import per_cent
from mbls_sync.api import Figures, PolicyAt, PupilFigures

ORDINALS = {1: "1st", 2: "2nd", 3: "3rd", 21: "21st", 22: "22nd", 23: "23rd"}
Placed = tuple[str, tuple[tuple[str, str], ...]]
"""A place in words, and the classes that share it with their attendance."""


def attendance_of_classes(figures: Figures, first: date, last: date, policy: PolicyAt) -> Mapping[str, tuple[int, int]]:
    """Sessions attended and possible of each class on roll now; a class of too few pupils is left out."""
    counted = figures.over(first, last)
    members: dict[str, list[PupilFigures]] = {}
    for id, history in figures.histories.items():
        if history.pupil.class_name and id in counted and counted[id].possible:
            members.setdefault(history.pupil.class_name, []).append(counted[id])
    least = policy.count("reward.class_min_pupils")
    return {
        name: (sum(f.attended for f in pupils), sum(f.possible for f in pupils))
        for name, pupils in sorted(members.items())
        if len(pupils) >= least
    }


def places(classes: Mapping[str, tuple[int, int]]) -> tuple[Placed, ...]:
    """First to last; classes with exactly the same attendance share a place, and the next place is left out."""
    exact = {name: Fraction(attended, possible) for name, (attended, possible) in classes.items()}
    order = sorted(exact, key=lambda name: (-exact[name], name))
    found: list[Placed] = []
    place = 1
    for _, group in groupby(order, key=lambda name: exact[name]):
        shared = tuple((name, per_cent(*classes[name])) for name in group)
        found.append((f"{ORDINALS.get(place, f'{place}th')}", shared))
        place += len(shared)
    return tuple(found)
