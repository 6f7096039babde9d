"""What weighed on attendance, set beside the figures of those it touched."""

from __future__ import annotations

from fractions import Fraction

from mbls_sync.delivery.analysis.material import WHOLE, Material, summed
from mbls_sync.figures.factors import Factor, factors_of
from mbls_sync.figures.percentages import attendance, difference, points, rounded
from mbls_sync.model.marks import PupilId
from mbls_sync.model.packs import PackTable
from mbls_sync.model.papers import Cell

COLUMNS = ("What", "Who", "From", "To", "Attendance then %", "Over the span %", "Difference")


def factors(material: Material) -> tuple[Factor, ...]:
    """Those of the academic year up to the span's end; outside the school only those of the whole school."""
    first = material.span.year.first
    found = factors_of(material.desk.calendar, material.desk.events, first, material.until)
    return tuple(factor for factor in found if factor.scope == "school" or not material.is_published)


def factor_table(material: Material) -> PackTable | None:
    """The factors of the span with the attendance of those they touched; None where there was none."""
    here = [factor for factor in factors(material) if factor.last >= material.span.first]
    rows = tuple(_row(material, factor) for factor in here)
    if not rows:
        return None
    intro = "What the office recorded, and closures. A low figure beside one of these may have no other cause."
    return PackTable("What weighed on attendance", COLUMNS, rows, sheet="Factors", intro=intro)


def _row(material: Material, factor: Factor) -> tuple[Cell, ...]:
    pupils = material.pupils.values()
    touched = [p.id for p in pupils if factor.touches(p.class_name, p.year_group)]
    then = _share(material, touched, factor)
    over = summed(material.over, touched)
    usual = attendance(over) if over else None
    who = WHOLE if factor.scope == "school" else factor.scope.replace(":", " ")
    return (
        factor.what, who, factor.first, factor.last, rounded(then), rounded(usual), points(difference(then, usual)),
    )  # fmt: skip


def _share(material: Material, touched: list[PupilId], factor: Factor) -> Fraction | None:
    counted = material.counted(max(factor.first, material.span.first), min(factor.last, material.until))
    sums = summed(counted, [id for id in counted if id in set(touched)])
    return attendance(sums) if sums else None
