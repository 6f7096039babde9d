"""Whether letters, meetings, referrals and notices fall evenly on every group (Equality Act 2010)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from mbls_sync.delivery.analysis.groupings import BANDS, said
from mbls_sync.delivery.analysis.material import WHOLE, Material
from mbls_sync.delivery.analysis.shielding import NOT_SHOWN, Shield
from mbls_sync.figures.fairness import is_uneven
from mbls_sync.figures.measures import reaches
from mbls_sync.figures.percentages import rounded, share
from mbls_sync.model.marks import PupilId
from mbls_sync.model.packs import PackTable
from mbls_sync.model.papers import Cell

LOOK = "look: uneven"
INTRO = (
    "Of pupils whose attendance this year calls for support, how many had each step, in every group. “{look}” "
    "marks a group that had it more, or less, often than all others to an extent that chance alone would bring about "
    "less often than once in {once}: a question to ask, not an answer."
)


def fairness_table(material: Material, shield: Shield) -> PackTable | None:
    """A row for each group with the pupils who are due support and those of them who had each step."""
    due = frozenset(id for id in material.members if _calls_for_support(material, id))
    if not due:
        return None
    steps = {name: frozenset(_had(material, kinds)) & due for name, kinds in material.steps().items()}
    columns = ("Group", "Pupils due support", *(c for name in steps for c in (f"Had {name}", "%", "Even?")))
    may_tell = {had: shield.counts_shown(had) for had in {due, *steps.values()}}
    rows = [_row(WHOLE, due, due, steps, lambda of: shield.shows_all(len(of)), material)]
    for grouping in material.groupings:
        if grouping.heading in ("Classes", BANDS):
            continue
        for name, members in grouping.groups.items():
            if members and shield.shows(grouping.heading, name):
                key = (grouping.heading, name)
                rows.append(_row(said(name), members & due, due, steps, partial(_is_told, may_tell, key), material))
    rows = [row for row in rows if set(row[1:]) != {NOT_SHOWN}]
    once = int(100 // material.policy.percent("analysis.chance_percent"))
    intro = INTRO.format(look=LOOK, once=once)
    printed = (0, 1, *(3 * n + offset for n in range(len(steps)) for offset in (2, 4)))
    return PackTable("Is support given evenly?", columns, tuple(rows), sheet="Fairness", printed=printed, intro=intro)


def uneven(table: PackTable | None) -> tuple[str, ...]:
    """The groups that the table marks, each once."""
    return () if table is None else tuple(str(row[0]) for row in table.rows if LOOK in row)


def _calls_for_support(material: Material, id: PupilId) -> bool:
    figures = material.year[id]
    enough = figures.possible >= material.policy.count("stage.min_possible")
    return enough and reaches(figures.absent, figures.possible, 100 - material.policy.percent("stage.support_percent"))


def _had(material: Material, kinds: Iterable[str]) -> Iterator[PupilId]:
    wanted = frozenset(kinds)
    return (event.pupil for event in material.events if event.kind in wanted and event.pupil is not None)


def _is_told(
    may_tell: Mapping[frozenset[PupilId], frozenset[tuple[str, str]]], key: tuple[str, str], of: frozenset[PupilId]
) -> bool:
    return key in may_tell[of]


def _row(
    label: str,
    mine: frozenset[PupilId],
    due: frozenset[PupilId],
    steps: dict[str, frozenset[PupilId]],
    may_tell: Callable[[frozenset[PupilId]], bool],
    material: Material,
) -> tuple[Cell, ...]:
    if not may_tell(due):
        return (label, *(NOT_SHOWN,) * (1 + 3 * len(steps)))
    cells: list[Cell] = [label, len(mine)]
    for had in steps.values():
        if not may_tell(had):
            cells += [NOT_SHOWN, NOT_SHOWN, NOT_SHOWN]
            continue
        count, rest = len(had & mine), len(due - mine)
        percent = material.policy.percent("analysis.chance_percent")
        odd = bool(mine and rest) and is_uneven(count, len(mine), len(had - mine), rest, percent)
        cells += [count, rounded(share(count, len(mine))), LOOK if odd else "even"]
    return tuple(cells)
