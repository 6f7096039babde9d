"""Attendance week by week: this academic year, the year before where it is held, and the school's target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from mbls_sync.delivery.analysis.factors import factors
from mbls_sync.delivery.analysis.material import Counted, Material, summed, year_before
from mbls_sync.delivery.analysis.scales import floor
from mbls_sync.figures.factors import Factor
from mbls_sync.figures.percentages import attendance, difference, points, rounded, shown
from mbls_sync.figures.weekly import WeekFigures, by_week
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.packs import LinePlot, PackTable, Point
from mbls_sync.model.papers import Cell
from mbls_sync.model.sessions import Period, Session

WEEKLY = (
    "Week of",
    "Possible sessions",
    "Attended",
    "Authorised",
    "Unauthorised",
    "Late",
    "Attendance %",
    "A year ago",
)
SPANS = ("Span", "Pupils", "Possible sessions", "Attendance %", "Authorised absence", "Unauthorised absence")


def week_plot(material: Material) -> LinePlot | None:
    """The plot; None where fewer than two weeks have marks."""
    weeks = _weeks(material, material.span.year, material.until)
    if len(weeks) < 2:
        return None
    before, target = _a_year_ago(material, weeks), material.policy.percent("target.school")
    marks, keys = _marks(weeks, factors(material))
    points_of = [
        Point(f"{week.monday.day} {week.monday:%b}", rounded(attendance(week)), rounded(before.get(number)), mark)
        for number, (week, mark) in enumerate(zip(weeks, marks, strict=True))
    ]
    values = [value for p in points_of for value in (p.now, p.before) if value is not None]
    return LinePlot(
        heading="Attendance week by week",
        points=tuple(points_of),
        low=floor(values),
        high=Decimal(100),
        names=(str(material.span.year), str(year_before(material.span.year)) if before else ""),
        says=_says(weeks, before, target),
        description=_described(points_of, target, bool(before)),
        line=target,
        line_says=f"target {target}%",
        keys=keys,
    )


def week_table(material: Material) -> PackTable:
    """The same weeks as rows, for the workbook."""
    weeks = _weeks(material, material.span.year, material.until)
    before = _a_year_ago(material, weeks)
    rows = tuple(_row(week, before.get(number)) for number, week in enumerate(weeks))
    return PackTable("Week by week", WEEKLY, rows, sheet="Weeks", printed=())


def span_table(material: Material) -> PackTable:
    """The span beside the one before, the same a year ago, and whole years as far as they are held."""
    rows = [
        _span_row(f"{material.span.title}", material.over),
        _span_row(f"T{material.before_said[1:]}", material.earlier),
        _span_row("The same weeks a year ago", material.year_ago),
        _span_row(f"This year to date ({material.span.year})", material.year),
    ]
    for pages in reversed(material.registers):
        if pages.year < material.span.year:
            counted = material.counted(pages.year.first, pages.year.last)
            rows.append(_span_row(f"The whole of {pages.year}", counted))
    held = tuple(row for row in rows if row is not None)
    return PackTable("Recent and earlier figures", SPANS, held, sheet="Trends")


def _span_row(name: str, counted: Counted) -> tuple[Cell, ...] | None:
    sums = summed(counted, counted, name)
    if sums is None:
        return None
    return (name, sums.pupils, sums.possible, rounded(attendance(sums)), sums.authorised, sums.unauthorised)


def _weeks(material: Material, year: AcademicYear, until: date) -> tuple[WeekFigures, ...]:
    return by_week(tuple(material.pupils.values()), material.registers, year.first, Session(until, Period.PM))


def _a_year_ago(material: Material, weeks: Sequence[WeekFigures]) -> Mapping[int, Fraction]:
    """For each week its neighbour of a year ago, by how many school weeks into the year it is."""
    year = year_before(material.span.year)
    then = _weeks(material, year, year.last)
    shares = [attendance(week) for week in then[: len(weeks)]]
    return {number: value for number, value in enumerate(shares) if value is not None}


def _marks(weeks: Sequence[WeekFigures], known: Iterable[Factor]) -> tuple[list[str], tuple[str, ...]]:
    """A letter above each week that something weighed on, and what each letter stands for."""
    marks, keys = [""] * len(weeks), []
    for number, factor in enumerate(known):
        letter = chr(ord("A") + number % 26)
        for at, week in enumerate(weeks):
            if factor.first <= week.monday + timedelta(days=6) and factor.last >= week.monday:
                marks[at] += letter
        keys.append(f"{letter}: {factor.said}")
    return marks, tuple(keys)


def _says(weeks: Sequence[WeekFigures], before: Mapping[int, Fraction], target: Decimal) -> str:
    shares = [(week.monday, share) for week in weeks if (share := attendance(week)) is not None]
    on_target = sum(share >= Fraction(target) for _, share in shares)
    lowest = min(shares, key=lambda row: row[1])
    said = (
        f"{on_target} of {len(shares)} weeks reached the target of {target}%. The lowest week began on "
        f"{lowest[0].day} {lowest[0]:%B} with {shown(lowest[1])}%."
    )
    both = [(share, before[number]) for number, (_, share) in enumerate(shares) if number in before]
    if not both:
        return f"{said} No marks of the year before are held, so nothing can be said about it."
    higher = sum(now > then for now, then in both)
    return f"{said} {higher} of {len(both)} weeks were higher than the same school week a year ago."


def _described(found: Sequence[Point], target: Decimal, has_before: bool) -> str:
    weeks = "; ".join(f"week of {point.label} {point.now}%" for point in found)
    then = " The broken line is the year before." if has_before else ""
    line = f"The dotted line stands at the target of {target}%."
    return f"Attendance of the whole school in each week: {weeks}. {line}{then}"


def _row(week: WeekFigures, before: Fraction | None) -> tuple[Cell, ...]:
    late = week.late_before_close + week.late_after_close
    counts = (week.possible, week.attended, week.authorised, week.unauthorised, late)
    return (week.monday, *counts, rounded(attendance(week)), rounded(before))


def change_said(now: Fraction | None, then: Fraction | None, what: str) -> str:
    """`0.4 points above the term before`; empty where nothing is known of then."""
    change = difference(now, then)
    if change is None:
        return ""
    text = points(change)
    if text[0] not in "+-":
        return f"the same as {what}"
    return f"{text[1:]} points {'above' if text[0] == '+' else 'below'} {what}"
