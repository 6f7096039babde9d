"""One pack put together: the governors' without names and small numbers, the staff's with every pupil."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mbls_sync.delivery.analysis import beside_others, group_tables, illness, reasons, trend, weekdays
from mbls_sync.delivery.analysis.factors import factor_table
from mbls_sync.delivery.analysis.fairness import fairness_table, uneven
from mbls_sync.delivery.analysis.goals import goal_table
from mbls_sync.delivery.analysis.impact import impact_table
from mbls_sync.delivery.analysis.material import Material, Reader
from mbls_sync.delivery.analysis.overview import key_figures, sentences
from mbls_sync.delivery.analysis.people import pupil_table, watched_table
from mbls_sync.delivery.analysis.shielding import NOT_SHOWN, Shield
from mbls_sync.model.packs import Pack, PackTable, Part

TITLES = {Reader.STAFF: "Attendance analysis", Reader.GOVERNORS: "Attendance report for the governors"}
WHO_MAY_SEE = {
    Reader.STAFF: "Confidential: names pupils. For staff with a duty for attendance.",
    Reader.GOVERNORS: "For the governing body. No pupil is named and small numbers are left out.",
}


def pack_of(material: Material) -> Pack:
    """The pack of this material; the same material gives the same pack."""
    shield = Shield(material)
    if 0 < len(material.members) < material.at_least:
        return replace(
            _empty(material), summary=(f"The school has fewer than {material.at_least} pupils: no figures.",)
        )
    goals, fairness = goal_table(material), fairness_table(material, shield)
    return replace(
        _empty(material),
        key=key_figures(material),
        summary=sentences(material, uneven(fairness), goals),
        parts=tuple(part for part in _parts(material, shield, goals, fairness) if part is not None),
    )


def _empty(material: Material) -> Pack:
    to_date = "" if material.is_whole else f", to date ({material.until.day} {material.until:%B})"
    return Pack(
        name=f"{material.reader} {material.span.length} {material.span.name}",
        title=TITLES[material.reader],
        subtitle=f"{material.span.title}{to_date}",
        until=material.until,
        confidential=WHO_MAY_SEE[material.reader],
        key=(),
        summary=(),
        parts=(),
        notes=_notes(material),
    )


def _parts(
    material: Material, shield: Shield, goals: PackTable | None, fairness: PackTable | None
) -> Iterator[Part | None]:
    yield trend.week_plot(material)
    yield goals
    yield factor_table(material)
    yield trend.span_table(material)
    yield group_tables.year_plot(material, shield)
    yield group_tables.group_plot(material, shield)
    yield reasons.reason_plot(material)
    yield weekdays.weekday_plot(material)
    yield beside_others.benchmark_plot(material, "absence")
    yield beside_others.benchmark_plot(material, "persistent")
    yield impact_table(material)
    yield fairness
    yield illness.barrier_table(material)
    if not material.is_published:
        yield watched_table(material)
    yield from group_tables.tables(material, shield)
    yield trend.week_table(material)
    yield weekdays.weekday_table(material, shield)
    yield illness.illness_table(material, shield)
    yield reasons.reason_table(material)
    yield beside_others.benchmark_table(material)
    if not material.is_published:
        yield pupil_table(material)


def _notes(material: Material) -> tuple[str, ...]:
    said = [
        "A session is a half-day. Attendance is sessions attended of sessions possible; each group's figure is its "
        "sessions added up, not the mean of its pupils' figures.",
        "Groups are those the MIS names. A pupil for whom it says nothing is in neither group of a pair.",
        "Persistent and severe absence are of the year to date: a tenth, or half, of a pupil's own possible sessions.",
    ]
    if material.is_published:
        said.append(
            f"“{NOT_SHOWN}” and groups left out: a figure about fewer than {material.at_least} pupils, or one from "
            f"which such a figure could be worked out."
        )
    return tuple(said)
