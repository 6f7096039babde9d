"""Where a pattern of absence emerges, a strategy is made for just the pupils it is about.

Attendance policy 2023, Attendance intervention. A pattern is a weekday beyond what is usual for it, or attendance
clearly below the half-term before, of the school, a year group or a class; one task a half-term holds them all.
"""

from collections.abc import Iterable, Iterator, Mapping

from mbls_rules_school.summing import share_of
from mbls_rules_school.times import week_ends
from mbls_sync.api import (
    AcademicYear,
    Facts,
    Figures,
    GroupFigures,
    HalfTerm,
    Moment,
    PolicyAt,
    Proposal,
    PupilFigures,
    PupilId,
    RaiseTask,
    Rank,
    SchoolCalendar,
    Usual,
    rule,
    shown,
    week_shape,
)

MOST_NAMED = 5
"""Pupils that a pattern names: those who missed most in it."""

Counted = Mapping[PupilId, PupilFigures]


@rule(id="MON-16", cites="Attendance intervention", title="a pattern that emerges: make a strategy for its pupils")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    half, last = moment.half_term, moment.last_school_day
    if half is None or last is None:
        return
    counted = figures.over(half.first, last)
    before = _half_before(half, calendar)
    earlier = figures.over(before.first, before.last) if before else {}
    cohorts = _cohorts(figures)
    half_days = figures.half_days(cohorts, half.first, min(half.last, figures.day))
    found: Facts = tuple(
        pattern
        for name, members in cohorts.items()
        for pattern in (
            *_weekdays(name, half_days[name], members, counted, figures, policy),
            *_falls(name, members, counted, earlier, figures, policy),
        )
    )
    if not found:
        return
    yield RaiseTask(
        kind="make-strategy",
        title="Make a strategy for an emerging pattern of absence",
        why=f"{len(found)} pattern{' has' if len(found) == 1 else 's have'} emerged in this half-term.",
        due=week_ends(last, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.FOLLOW_UP,
        occasion=f"{AcademicYear.of(half.first)} {half.term} {half.number}",
        done_as="strategy-made",
        steps=(
            "Look for what is behind it: the timetable of that day, an outbreak, transport, a holiday.",
            "Agree with the pupils and families it is about what is tried, by whom, and until when.",
        ),
        facts=found,
    )


def _half_before(half: HalfTerm, calendar: SchoolCalendar) -> HalfTerm | None:
    earlier = [one for one in calendar.school_year(half.first).half_terms if one.last < half.first]
    return max(earlier, default=None)


def _cohorts(figures: Figures) -> Mapping[str, list[PupilId]]:
    """The whole school, each year group and each class, of pupils on roll now."""
    found: dict[str, list[PupilId]] = {"Whole school": list(figures.histories)}
    for id, history in figures.histories.items():
        if history.pupil.year_group:
            found.setdefault(f"Year group {history.pupil.year_group}", []).append(id)
        if history.pupil.class_name:
            found.setdefault(f"Class {history.pupil.class_name}", []).append(id)
    return found


def _weekdays(
    name: str,
    half_days: tuple[GroupFigures, ...],
    members: list[PupilId],
    counted: Counted,
    figures: Figures,
    policy: PolicyAt,
) -> Iterator[tuple[str, str]]:
    for day, beyond in week_shape(half_days, _usual(policy)).named.items():
        most = _most_missed(members, counted, figures)
        yield f"{name}: {day}s", f"{shown(beyond)} points beyond the usual; most missed by {most}"


def _falls(
    name: str, members: list[PupilId], counted: Counted, earlier: Counted, figures: Figures, policy: PolicyAt
) -> Iterator[tuple[str, str]]:
    now = share_of(counted[id] for id in members if id in counted)
    then = share_of(earlier[id] for id in members if id in earlier)
    possible = sum(counted[id].possible for id in members if id in counted)
    if now is None or then is None or possible < policy.count("pattern.min_possible"):
        return
    if then - now >= policy.percent("pattern.fall_points"):
        fall = f"{shown(then - now)} points below the half-term before"
        yield f"{name}: attendance falls", f"{fall}; most missed by {_most_missed(members, counted, figures)}"


def _usual(policy: PolicyAt) -> Usual:
    points, missed = policy.percent("pattern.weekday_points"), policy.count("pattern.weekday_missed")
    return Usual(policy.percent("analysis.usual_friday_points"), points, missed)


def _most_missed(members: list[PupilId], counted: Counted, figures: Figures) -> str:
    missed = sorted((-counted[id].absent, figures.histories[id].pupil.name) for id in members if id in counted)
    return ", ".join(name for absent, name in missed[:MOST_NAMED] if absent)
