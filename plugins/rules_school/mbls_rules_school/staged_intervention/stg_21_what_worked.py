"""At the end of a term, the school sees which steps of support were followed by better attendance.

Attendance policy 2023, Attendance intervention. For each kind of step the weeks before it are compared with the
weeks after it, over all pupils it was taken for; fewer than a handful of pupils say nothing and are not told apart.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from mbls_rules_school.cases import REFERRED, SUPPORT
from mbls_rules_school.clocks import day_of
from mbls_rules_school.wording import per_cent
from mbls_sync.api import (
    AcademicYear,
    AddToSheet,
    Event,
    Facts,
    Figures,
    History,
    Moment,
    PolicyAt,
    Proposal,
    PupilFigures,
    SchoolCalendar,
    rule,
)

KINDS = (*SUPPORT, "punctuality-letter-sent", "home-visit", REFERRED)
Compared = tuple[PupilFigures, PupilFigures]


@rule(id="STG-21", cites="Attendance intervention", title="term's end: which steps of support have worked")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    if moment.term is None or not moment.term_ends:
        return
    term, first, last = moment.term
    for kind in KINDS:
        found = [
            compared
            for history in figures.histories.values()
            for event in history.events_of(kind)
            if first <= day_of(event, calendar) <= last and (compared := _compared(event, history, policy, calendar))
        ]
        if found:
            key = f"{AcademicYear.of(last)} {term}: {kind.replace('-', ' ')}"
            yield AddToSheet("what-worked", key, key, "row", _cells(found, policy))


def _compared(event: Event, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Compared | None:
    """The school weeks up to the day of a step, and those after it; None where one of them says nothing."""
    day, weeks = day_of(event, calendar), policy.count("what_worked.weeks")
    before = history.counts(calendar.school_weeks_back(day, weeks), day)
    after = history.counts(day + timedelta(days=1), _weeks_on(day, weeks, history.until.day, calendar))
    return (before, after) if before.possible and after.possible else None


def _weeks_on(day: date, weeks: int, until: date, calendar: SchoolCalendar) -> date:
    """The last day of so many school weeks after `day`, as far as `until`."""
    first = calendar.school_weeks_back(day, 1)
    held = [monday for monday in calendar.school_weeks if first < monday <= until][:weeks]
    return held[-1] + timedelta(days=6) if held else until


def _cells(found: list[Compared], policy: PolicyAt) -> Facts:
    pupils = len({before.pupil for before, _ in found})
    if pupils < policy.count("what_worked.min_pupils"):
        return (("Times taken", str(len(found))), ("Pupils", str(pupils)), ("What it says", "too few to say anything"))
    better = sum(a.attended * b.possible > b.attended * a.possible for b, a in found)
    return (
        ("Times taken", str(len(found))),
        ("Pupils", str(pupils)),
        ("Attendance before", _share([before for before, _ in found])),
        ("Attendance after", _share([after for _, after in found])),
        ("Better after", f"{better} of {len(found)}"),
        ("What it says", "what came after a step is not always because of it"),
    )


def _share(figures: list[PupilFigures]) -> str:
    return per_cent(sum(f.attended for f in figures), sum(f.possible for f in figures))
