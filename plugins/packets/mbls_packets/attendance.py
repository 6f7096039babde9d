"""The figures of the case: the year to date, the year before, every absence, and the plot week by week."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import groupby

from mbls_sync.api import (
    Cell,
    Event,
    Evidence,
    Facts,
    FactsSection,
    MarkLine,
    PlotSection,
    PupilFigures,
    TableSection,
    attendance,
    shown,
)

ABSENCE = ("authorised absence", "unauthorised absence")
"""The meanings that count as absence."""

NO_STEP = ("task-", "effect-", "note", "call-")
"""How the kinds of events begin that are too small for the plot; they stand in the chronology."""


def attendance_facts(evidence: Evidence, rolling_weeks: int) -> FactsSection:
    """Sessions first, the percentage beside them; the year before where it is known."""
    figures = evidence.figures
    facts: Facts = (
        ("Sessions missed this year", f"{figures.absent} of {figures.possible} possible"),
        ("Attendance this year", percent(figures)),
        ("Authorised absence", f"{figures.authorised} sessions"),
        ("Unauthorised absence", f"{figures.unauthorised} sessions"),
        (f"Unauthorised in the last {rolling_weeks} school weeks", f"{figures.unauthorised_10_weeks} sessions"),
        ("Late before the register closed", f"{figures.late_before_close} times"),
        ("Late after the register closed", f"{figures.late_after_close} times"),
        ("Sessions without a mark", f"{figures.unmarked}"),
        ("Persistent absence to date", "yes" if figures.persistent else "no"),
        ("Severe absence to date", "yes" if figures.severe else "no"),
        ("Attendance last year", percent(evidence.previous) if evidence.previous else "not known to this system"),
    )
    return FactsSection("Attendance", facts)


def absences(evidence: Evidence) -> TableSection:
    """Every absence of this year's register; sessions that follow each other with one code and comment are one row."""
    this_year = (mark for mark in evidence.marks if mark.session.day >= _year_starts(evidence))
    runs = (list(run) for _, run in groupby(this_year, key=lambda m: (m.code, m.title, m.meaning, m.comment)))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (_when(run[0]), _when(run[-1]), len(run), run[0].code, run[0].title, run[0].comment or "")
        for run in runs
        if run[0].meaning in ABSENCE
    )
    columns = ("From", "To", "Sessions", "Code", "What it says", "Comment in the MIS")
    return TableSection("Absences this year", columns, rows)


def plot(evidence: Evidence) -> PlotSection:
    """Attendance by school week, with the steps that were taken marked above."""
    begins = _year_starts(evidence)
    zone = evidence.at.tzinfo
    taken = (
        (event.at.astimezone(zone).date(), event) for event in evidence.events if not event.kind.startswith(NO_STEP)
    )
    steps = tuple((day, _said(event)) for day, event in taken if day >= begins)
    return PlotSection("Attendance week by week", evidence.weekly, steps, _description(evidence))


def percent(figures: PupilFigures) -> str:
    """Attendance to one decimal, half up."""
    return f"{shown(attendance(figures))}%" if figures.possible else "no possible session"


def _description(evidence: Evidence) -> str:
    """What the plot shows, for whoever cannot see it."""
    weeks = [(day, attended, possible) for day, attended, possible in evidence.weekly if possible]
    if not weeks:
        return "No week with a possible session is known."
    full = sum(attended == possible for _, attended, possible in weeks)
    day, attended, possible = min(weeks, key=lambda week: (Fraction(week[1], week[2]), week[0]))
    return (
        f"Sessions attended in each of {len(weeks)} school weeks: full attendance in {full}; the lowest week, that of "
        f"{day:%d/%m/%Y}, has {attended} of {possible}. Over all weeks {percent(evidence.figures)}."
    )


def _said(event: Event) -> str:
    return event.kind.replace("-", " ") + (f": {event.outcome}" if event.outcome else "")


def _year_starts(evidence: Evidence) -> date:
    return evidence.weekly[0][0] if evidence.weekly else date.min


def _when(mark: MarkLine) -> str:
    return f"{mark.session.day:%d/%m/%Y} {mark.session.period}"
