"""Which figures of a pack are left out where it goes outside, and how that is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from mbls_sync.delivery.analysis.groupings import BANDS
from mbls_sync.delivery.analysis.material import Material
from mbls_sync.figures.suppress import Members, Published, hidden

NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Shield:
    """Says of each group, and of each count of pupils within groups, whether it may be shown.

    All tables of one pack share it: what one table leaves out must not follow from another.
    """

    material: Material

    @cached_property
    def table(self) -> Published:
        """Every group of the pack, each under its grouping's heading, and the groupings that divide the school."""
        groups: dict[str, Members] = {}
        parts: list[tuple[str, ...]] = []
        for grouping in self.material.groupings:
            names = {_full(grouping.heading, name): members for name, members in grouping.groups.items()}
            groups |= names
            if grouping.divides:
                parts.append(tuple(names))
        return Published(groups, tuple(parts))

    @cached_property
    def gone(self) -> frozenset[str]:
        """The groups of which nothing may be shown."""
        return hidden(self.table, self.material.members, self.material.at_least)

    def shows(self, heading: str, name: str) -> bool:
        """Whether the group may be shown at all."""
        return _full(heading, name) not in self.gone

    def shows_all(self, size: int) -> bool:
        """Whether a count of pupils of the whole school may be shown."""
        return size == 0 or size >= self.material.at_least

    def counts_shown(self, some: Members) -> frozenset[tuple[str, str]]:
        """Of which groups it may be told how many of `some` pupils (the persistently absent) are in them.

        As with groups: neither from 1 to a few, nor all but a few, nor what follows from other figures shown.
        """
        inside = {name: members & some for name, members in self.table.groups.items()}
        few = self.material.at_least
        told = {
            name
            for name, members in self.table.groups.items()
            # That all of the persistently absent are so tells nothing.
            if inside[name] and len(members - some) < few - 1 and _split(name)[0] != BANDS
        }
        also = self.gone | (told if self.material.is_published else set())
        if not self.shows_all(len(some & self.material.members)):
            also |= frozenset(inside)
        gone = hidden(Published(inside, self.table.parts), some & self.material.members, few, also)
        return frozenset(_split(name) for name in inside if name not in gone)

    def left_out(self, headings: Iterable[str]) -> str:
        """A sentence about the groups that are not shown, without naming them; empty where every one is."""
        wanted, groups_of = frozenset(headings), self.table.groups
        count = sum(1 for name in self.gone if _split(name)[0] in wanted and groups_of[name])
        if not count:
            return ""
        groups = "1 group is" if count == 1 else f"{count} groups are"
        return (
            f"{groups} not shown, so that nothing can be read or worked out about fewer than {self.material.at_least} "
            f"pupils."
        )


def _full(heading: str, name: str) -> str:
    return f"{heading}\t{name}"


def _split(full: str) -> tuple[str, str]:
    heading, _, name = full.partition("\t")
    return heading, name
