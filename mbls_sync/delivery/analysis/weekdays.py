"""Days of poor attendance: each weekday against what is usual for it, for the school and for every group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from mbls_sync.delivery.analysis import groupings
from mbls_sync.delivery.analysis.material import WHOLE, Material
from mbls_sync.delivery.analysis.scales import ceiling
from mbls_sync.delivery.analysis.shielding import Shield
from mbls_sync.figures.groups import WEEKDAYS, GroupFigures, by_weekday_of
from mbls_sync.figures.percentages import absence, points, rounded, shown
from mbls_sync.figures.usual_week import Usual, WeekShape, week_shape
from mbls_sync.model.marks import PupilId
from mbls_sync.model.packs import Bar, BarPlot, PackTable
from mbls_sync.model.papers import Cell

COLUMNS = ("Group", "Pupils", *WEEKDAYS, "Friday gap", "Days beyond the usual")


def weekday_plot(material: Material) -> BarPlot | None:
    """Share of sessions missed in each half-day of the week, with a sentence that allows for the usual Friday."""
    half_days = _half_days(material, {WHOLE: material.members})[WHOLE]
    shares = [absence(half_day) for half_day in half_days]
    known = [share for share in shares if share is not None]
    if not known:
        return None
    usual = _usual(material)
    bars = tuple(
        Bar(half.name, rounded(share), f"{shown(share)}%") for half, share in zip(half_days, shares, strict=True)
    )
    return BarPlot(
        heading="Absence by day of the week",
        bars=bars,
        low=Decimal(0),
        high=ceiling(max(known)),
        says=said(week_shape(half_days, usual), usual),
        description="Share of possible sessions missed in each half-day of the week: "
        + "; ".join(f"{bar.label} {bar.text}" for bar in bars)
        + ".",
    )


def said(shape: WeekShape, usual: Usual) -> str:
    """What the week's shape means, in a sentence or two."""
    if shape.friday_gap is None:
        return "There are not enough marks to compare Fridays with Wednesdays."
    gap = (
        f"Absence on Friday afternoons was {points(shape.friday_gap)} points against Wednesday mornings; in schools "
        f"like this it is usually about +{usual.friday_points}."
    )
    others = [f"{day} ({points(beyond)} points)" for day, beyond in shape.named.items() if day != "Friday"]
    friday = (
        " That is beyond the usual and worth a look." if "Friday" in shape.named else " So Friday does not stand out."
    )
    rest = f" Beyond the usual: {', '.join(others)}." if others else " No other day stands out."
    return gap + friday + rest


def weekday_table(material: Material, shield: Shield) -> PackTable:
    """Share missed on each weekday by every group that may be shown."""
    groups = {WHOLE: material.members, **{groupings.said(name): ids for name, ids in _groups(material, shield)}}
    half_days = _half_days(material, groups)
    rows = tuple(_row(name, ids, half_days[name], _usual(material)) for name, ids in groups.items())
    intro = (
        "Per cent of possible sessions missed. The Friday gap is Friday afternoon less Wednesday morning, in points; "
        f"about +{material.policy.percent('analysis.usual_friday_points')} is usual."
    )
    return PackTable("Absence by weekday", COLUMNS, rows, sheet="Weekdays", printed=(), intro=intro)


def _groups(material: Material, shield: Shield) -> Iterator[tuple[str, frozenset[PupilId]]]:
    for grouping in material.groupings:
        for name, members in grouping.groups.items():
            if members and shield.shows(grouping.heading, name):
                yield name, members


def _row(name: str, members: frozenset[PupilId], half_days: tuple[GroupFigures, ...], usual: Usual) -> tuple[Cell, ...]:
    shape = week_shape(half_days, usual)
    days = tuple(rounded(shape.days.get(day)) for day in WEEKDAYS)
    named = ", ".join(f"{day} {points(beyond)}" for day, beyond in shape.named.items())
    return (name, len(members), *days, points(shape.friday_gap), named)


def _half_days(material: Material, groups: Mapping[str, frozenset[PupilId]]) -> Mapping[str, tuple[GroupFigures, ...]]:
    pupils = [material.pupils[id] for id in sorted(material.members)]
    years, calendar = material.registers, material.desk.calendar
    return by_weekday_of(groups, pupils, years, calendar, material.span.first, material.ends)


def _usual(material: Material) -> Usual:
    policy = material.policy
    return Usual(
        policy.percent("analysis.usual_friday_points"),
        policy.percent("analysis.weekday_points"),
        policy.count("analysis.weekday_missed"),
    )
