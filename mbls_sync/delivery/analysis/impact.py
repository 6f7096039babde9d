"""What interventions changed: attendance before and after each step of support."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mbls_sync.delivery.analysis.material import Material
from mbls_sync.figures.counts import figures_of
from mbls_sync.figures.impact import Impact, impact_of
from mbls_sync.figures.measures import Measures
from mbls_sync.figures.percentages import points, rounded
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.marks import PupilId
from mbls_sync.model.packs import PackTable
from mbls_sync.model.papers import Cell
from mbls_sync.model.sessions import Period, Session

COLUMNS = ("Step", "Pupils", "Before %", "After %", "Change in points", "Pupils who improved", "Too early to say")


def impact_table(material: Material) -> PackTable | None:
    """A row for each step of support of the year; None where none was taken."""
    weeks = material.policy.count("analysis.impact_weeks")
    rows: list[tuple[Cell, ...]] = []
    unshown = 0
    for name, impact in _impacts(material, weeks):
        if 0 < len(impact.pupils) < material.at_least:
            unshown += 1
            continue
        # A count of those who improved tells of the others too.
        improved: Cell = impact.improved if not material.is_published else None
        too_early: Cell = impact.too_early if not material.is_published else None
        before, after = rounded(impact.before), rounded(impact.after)
        rows.append((name, len(impact.pupils), before, after, points(impact.change), improved, too_early))
    if not rows and not unshown:
        return None
    columns = COLUMNS[:5] if material.is_published else COLUMNS
    intro = (
        f"The mean attendance of pupils in the {weeks} school weeks before the week of their first such step this year "
        f"and in it up to the step, and in the rest of it and the {weeks} after it. Steps are taken when attendance is "
        f"lowest, and some of what follows would have come without them: read a change as a sign, not as proof."
    )
    notes = (f"{unshown} not shown: fewer than {material.at_least} pupils.",) if unshown else ()
    return PackTable(
        heading="What support changed",
        columns=columns,
        rows=tuple(row[: len(columns)] for row in rows),
        sheet="Support",
        intro=" ".join((intro, *notes)),
    )


def _impacts(material: Material, weeks: int) -> Iterator[tuple[str, Impact]]:
    calendar, zone = material.desk.calendar, material.desk.calendar.zone
    measures = Measures.under(material.policy)

    def counts(pupil: PupilId, first: date, last: date) -> PupilFigures | None:
        known = material.pupils.get(pupil)
        if known is None:
            return None
        return figures_of((known,), material.registers, calendar, first, Session(last, Period.PM), measures)[0]

    for name, kinds in material.steps().items():
        taken = [
            (event.pupil, event.at.astimezone(zone).date())
            for event in material.events
            if event.kind in kinds and event.pupil is not None
        ]
        if taken:
            yield name, impact_of(taken, weeks, material.until, calendar, counts)
