"""Every pupil's figures, by name: for the staff only."""

from __future__ import annotations

from mbls_sync.delivery.analysis.groupings import bands, year_name
from mbls_sync.delivery.analysis.illness import self_certified
from mbls_sync.delivery.analysis.material import Material
from mbls_sync.figures.groups import by_weekday_of
from mbls_sync.figures.percentages import attendance, difference, points, rounded, share
from mbls_sync.figures.usual_week import Usual, week_shape
from mbls_sync.model.marks import PupilId
from mbls_sync.model.packs import PackTable
from mbls_sync.model.papers import Cell

COLUMNS = (
    "Name", "Class", "Year", "Possible sessions", "Present", "Approved activity", "Authorised absence",
    "Unauthorised absence", "Attendance %", "Year to date %", "Change on {before}", "Late before close",
    "Late after close", "Late %", "Spells of self-certified illness", "Most missed day", "Standing this year",
)  # fmt: skip
WATCHED = ("Name", "Class", "Attendance this year %", "Change on {before}", "Missed this year", "Standing")

BANDS = ("on target", "below target", "at risk", "persistent")
SEVERE = "severe"
WATCHED_BANDS = ("at risk", "persistent", SEVERE)
"""A pupil's standing this year to date, in the order of the bands."""


def pupil_table(material: Material) -> PackTable:
    """A row for every pupil with a possible session in the span, lowest attendance this year first."""
    spells = self_certified(material)
    standing = _standing(material)
    ids = sorted(material.members, key=lambda id: (_year_share(material, id), material.pupils[id].name, id))
    days = _most_missed(material)
    rows = tuple(_row(material, id, len(spells.get(id, ())), days[id], standing[id]) for id in ids)
    columns = tuple(name.format(before=material.before_said) for name in COLUMNS)
    return PackTable("Pupils", columns, rows, sheet="Pupils", printed=())


def watched_table(material: Material) -> PackTable | None:
    """Pupils at risk of, or in, persistent absence, by name; None where there are none."""
    standing = _standing(material)
    wanted = [id for id in material.members if standing[id] in WATCHED_BANDS]
    ids = sorted(wanted, key=lambda id: (_year_share(material, id), material.pupils[id].name, id))
    rows = tuple(_watched(material, id, standing[id]) for id in ids)
    if not rows:
        return None
    intro = "Lowest first. Sessions are half-days; the share is of each pupil's own possible sessions this year."
    columns = tuple(name.format(before=material.before_said) for name in WATCHED)
    return PackTable("Pupils to watch", columns, rows, sheet="To watch", intro=intro)


def _year_share(material: Material, id: PupilId) -> float:
    return float(attendance(material.year[id]) or 0)


def _standing(material: Material) -> dict[PupilId, str]:
    grouping = bands({id: material.year[id] for id in material.members}, material.policy)
    short = zip(BANDS, grouping.groups.values(), strict=True)
    found = {id: name for name, members in short for id in members}
    return {id: SEVERE if material.year[id].severe else name for id, name in found.items()}


def _row(material: Material, id: PupilId, spells: int, day: str, standing: str) -> tuple[Cell, ...]:
    pupil, over = material.pupils[id], material.over[id]
    now = attendance(over)
    earlier = material.earlier.get(id)
    return (
        pupil.name,
        pupil.class_name,
        year_name(pupil.year_group),
        over.possible,
        over.present,
        over.approved_activity,
        over.authorised,
        over.unauthorised,
        rounded(now),
        rounded(attendance(material.year[id])),
        points(difference(now, attendance(earlier) if earlier else None)),
        over.late_before_close,
        over.late_after_close,
        rounded(share(over.late_before_close + over.late_after_close, over.possible)),
        spells,
        day,
        standing,
    )


def _watched(material: Material, id: PupilId, standing: str) -> tuple[Cell, ...]:
    pupil, year = material.pupils[id], material.year[id]
    over, earlier = attendance(material.over[id]), material.earlier.get(id)
    change = points(difference(over, attendance(earlier) if earlier else None))
    missed = f"{year.absent} of {year.possible}"
    return (pupil.name, pupil.class_name, rounded(attendance(year)), change, missed, standing)


def _most_missed(material: Material) -> dict[PupilId, str]:
    """Each pupil's weekday that is furthest beyond the usual; empty where none stands out."""
    policy = material.policy
    usual = Usual(
        policy.percent("analysis.usual_friday_points"),
        policy.percent("analysis.pupil_weekday_points"),
        policy.count("analysis.pupil_weekday_missed"),
    )
    each: dict[str, tuple[PupilId, ...]] = {id: (id,) for id in material.members}
    pupils = [material.pupils[id] for id in sorted(material.members)]
    years, calendar = material.registers, material.desk.calendar
    halves = by_weekday_of(each, pupils, years, calendar, material.span.first, material.ends)
    named = {id: week_shape(halves[id], usual).named for id in material.members}
    return {id: max(found, key=lambda day: found[day], default="") for id, found in named.items()}
