"""The register certificate: every mark as the school holds it, a row a week, with a key to every code used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mbls_sync.api import AcademicYear, Evidence, Facts, HerringboneSection, MarkLine, Period, TableSection, monday

COMMON = ("/", "\\", "L", "I", "M", "N", "O", "U")
"""Codes that every reader of a register knows; any other is explained occurrence by occurrence."""


def certificate(evidence: Evidence) -> tuple[HerringboneSection, ...]:
    """One herringbone for each academic year that is known, this year's first."""
    years = sorted({AcademicYear.of(mark.session.day) for mark in evidence.marks}, reverse=True)
    return tuple(_year(year, [m for m in evidence.marks if AcademicYear.of(m.session.day) == year]) for year in years)


def uncommon_codes(evidence: Evidence) -> TableSection:
    """Each use of a code that a reader may not know, with what was noted beside it."""
    found: dict[tuple[str, str], list[MarkLine]] = {}
    for mark in evidence.marks:
        if mark.code not in COMMON:
            found.setdefault((mark.code, mark.title), []).append(mark)
    rows = tuple(
        (code, title, len(marks), _when(marks), _notes(marks)) for (code, title), marks in sorted(found.items())
    )
    columns = ("Code", "What it says", "Sessions", "When", "Comment in the MIS")
    return TableSection("Uncommon codes explained", columns, rows)


def _year(year: AcademicYear, marks: Sequence[MarkLine]) -> HerringboneSection:
    weeks: dict[date, list[str]] = {}
    for mark in marks:
        week = weeks.setdefault(monday(mark.session.day), [""] * 10)
        week[mark.session.day.weekday() * 2 + (mark.session.period is Period.PM)] = mark.code
    return HerringboneSection(
        heading=f"Register certificate {year}",
        weeks=tuple((day, tuple(codes)) for day, codes in sorted(weeks.items())),
        key=_key(marks),
        intro="An empty place is a half-day without a session or without a mark.",
    )


def _key(marks: Sequence[MarkLine]) -> Facts:
    """Every code used, by what it said on its own date; a code whose meaning changed stands twice."""
    pairs = dict.fromkeys((mark.code, f"{mark.title} ({mark.meaning})") for mark in marks)
    return tuple(sorted(pairs))


def _when(marks: Sequence[MarkLine]) -> str:
    shown = [f"{mark.session.day:%d/%m/%Y} {mark.session.period}" for mark in marks[:6]]
    return ", ".join(shown) + (f" and {len(marks) - 6} more" if len(marks) > 6 else "")


def _notes(marks: Sequence[MarkLine]) -> str:
    return "; ".join(dict.fromkeys(mark.comment for mark in marks if mark.comment)) or "none: ask the office"
