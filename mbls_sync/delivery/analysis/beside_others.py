"""The school beside its LA, its region and the nation, by the figures published for them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from mbls_sync.delivery.analysis.material import Counted, Material, summed
from mbls_sync.delivery.analysis.scales import ceiling
from mbls_sync.figures.percentages import absence, rounded, share, shown
from mbls_sync.model.attendance import Cohort
from mbls_sync.model.packs import Bar, BarPlot, PackTable
from mbls_sync.model.papers import Cell
from mbls_sync.policy.benchmarks import Benchmark, SourceKind, chosen

COLUMNS = (
    "Area",
    "From",
    "To",
    "Absence %",
    "Authorised %",
    "Unauthorised %",
    "Persistently absent %",
    "Kind",
    "Source",
)
KINDS = {
    SourceKind.DAILY: "registers as shared each day, the year to date",
    SourceKind.CENSUS: "school census, after the year's end",
}


def benchmark_rows(material: Material) -> tuple[Benchmark, ...]:
    """The rows that the school is set beside."""
    areas = [area.strip() for area in material.policy.text("benchmarks.areas").split(",")]
    return chosen(material.benchmarks, material.until, material.policy.text("benchmarks.phase"), areas)


def own(material: Material) -> Counted:
    """The school's figures of the year to date for the pupils whom published rates cover."""
    cohort = Cohort(material.policy.text("benchmarks.cohort"))
    return material.counted(material.span.year.first, material.until, cohort)


def benchmark_plot(material: Material, measure: str) -> BarPlot | None:
    """Absence, or the share persistently absent, of the school and of each area."""
    rows = [row for row in benchmark_rows(material) if measure in row.values]
    mine = _own_share(material, measure)
    if not rows or mine is None:
        return None
    bars = [Bar("This school", rounded(mine), f"{shown(mine)}%", "this year to date")]
    for row in rows:
        value = Fraction(row.values[measure])
        bars.append(Bar(row.area, rounded(value), f"{shown(value)}%", _years(row)))
    what = "Absence" if measure == "absence" else "Pupils persistently absent"
    return BarPlot(
        heading=f"{what}: the school beside others",
        bars=tuple(bars),
        low=Decimal(0),
        high=ceiling(max(bar.value or 0 for bar in bars)),
        says=" ".join(_against(mine, row, measure) for row in rows) + " Lower is better.",
        description=f"{what}, in per cent: " + "; ".join(f"{b.label} {b.text} ({b.note})" for b in bars) + ".",
        intro=differences_in_kind(material, rows),
    )


def benchmark_table(material: Material) -> PackTable:
    """The figures side by side with where each comes from."""
    rows = [_own_row(material), *(_row(row) for row in benchmark_rows(material))]
    notes = (
        differences_in_kind(material, benchmark_rows(material)),
        *sorted({f"{row.source.title}: {row.source.address}" for row in benchmark_rows(material)}),
    )
    held = tuple(row for row in rows if row is not None)
    return PackTable("The school beside others", COLUMNS, held, sheet="Benchmarks", printed=(), notes=notes)


def differences_in_kind(material: Material, rows: Iterable[Benchmark]) -> str:
    """In which ways the figures beside each other are not the same thing, as a reader must know."""
    found = tuple(rows)
    if not found:
        return "No published figures that ended by then are in config/benchmarks.yaml."
    kinds = {row.source.kind for row in found}
    said = ["The school's figure is for pupils aged 5 to 15, as published figures are, and for this year to date."]
    if any(row.last < material.span.year.first for row in found):
        said.append("The published figures are for a whole earlier year: absence usually rises in winter, so an autumn "
                    "figure looks better beside them than a whole year would.")  # fmt: skip
    if len(kinds) > 1:
        said.append("They differ in kind: some are from daily registers, some from the school census.")
    elif SourceKind.CENSUS in kinds:
        said.append("They are from the school census, the school's own from its register: the two count alike, but not "
                    "the same sessions.")  # fmt: skip
    return " ".join(said)


def _against(mine: Fraction, row: Benchmark, measure: str) -> str:
    gap = mine - Fraction(row.values[measure])
    size = shown(abs(gap))
    if not Fraction(size):
        return f"The same as {row.area}."
    return f"{size} points {'above' if gap > 0 else 'below'} {row.area}."


def _own_share(material: Material, measure: str) -> Fraction | None:
    sums = summed(own(material), own(material))
    if sums is None:
        return None
    if measure == "absence":
        return absence(sums)
    persistent = sums.persistent or 0
    # Of a school of known size a share of few pupils is a count of few pupils.
    return share(persistent, sums.pupils) if not 0 < persistent < material.at_least else None


def _own_row(material: Material) -> tuple[Cell, ...] | None:
    sums = summed(own(material), own(material))
    if sums is None:
        return None
    parts = (sums.absent, sums.authorised, sums.unauthorised)
    shares = (rounded(share(part, sums.possible), 2) for part in parts)
    persistent = rounded(_own_share(material, "persistent"), 2)
    return ("This school, aged 5 to 15", material.span.year.first, material.until, *shares, persistent, "register", "")


def _row(row: Benchmark) -> tuple[Cell, ...]:
    values = (row.values.get(name) for name in ("absence", "authorised", "unauthorised", "persistent"))
    return (row.area, row.first, row.last, *values, KINDS[row.source.kind], row.source.title)


def _years(row: Benchmark) -> str:
    return f"{row.first.year}/{row.last:%y}"
