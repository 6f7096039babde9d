"""Where unauthorised absence reaches the national threshold, the head considers what to do; nothing is automatic.

Attendance policy 2023, Legal intervention; the threshold is the national framework's, in force from 19 August
2024 (before it each LA had its own). Support comes first: without any on record, support is what is asked for,
unless the absence is holiday without leave alone.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from mbls_rules_school.cases import SUPPORT, day_of, steps
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, said
from mbls_sync.api import (
    AcademicYear,
    Code,
    Cohort,
    History,
    PolicyAt,
    Proposal,
    Pupil,
    RaiseTask,
    Rank,
    SchoolCalendar,
    Session,
    rule,
)

CONSIDERED = "penalty-notice-considered"


@rule(id="PN-01", cites="Legal intervention", title="unauthorised absence at the national threshold: consider")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last = history.until.day
    if not policy.is_in_force("penalty_notice.sessions") or not pupil.is_compulsory_school_age(last):
        return
    first, considered = _window(history, policy, calendar)
    counted = history.counts(first, last, Cohort.STATUTORY).unauthorised
    if counted < policy.count("penalty_notice.sessions"):
        return
    marks = _unauthorised(pupil, history, first, last, policy)
    support = steps(history, policy, *SUPPORT)
    only_holiday = {code for _, code in marks} <= {policy.text("penalty_notice.holiday_code")}
    blocked = policy.flag("penalty_notice.require_support_log") and not support and not only_holiday
    yield RaiseTask(
        kind="support-first" if blocked else "consider-notice",
        title="Offer support first: none is on record" if blocked else "Consider whether a penalty notice would help",
        why=f"{counted} unauthorised sessions in the {policy.count('penalty_notice.school_weeks')} school weeks "
        f"that count, the first on {said(marks[0][0])}.",
        due=day_ends(last, calendar, policy),
        role=policy.text("roles.attendance_officer" if blocked else "roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        # Of the marks' year, not of today's: the weeks roll over September, and one ground is one task.
        occasion=f"since {considered}" if considered else f"{AcademicYear.of(marks[0][0].day)}",
        steps=(
            "Ask whether support is working, was refused, or would not fit (a holiday).",
            "Look at each N: a reason found takes it out of the count.",
            "If it would help, ask the LA to issue it; the school does not.",
        ),
        done_as="" if blocked else CONSIDERED,
        facts=(*attendance_facts(history), ("Steps of support", str(len(support))), *_lines(marks)),
    )


def _window(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> tuple[date, date | None]:
    """Where the window begins, never before the last time it was considered, and when that was."""
    first = calendar.school_weeks_back(history.until.day, policy.count("penalty_notice.school_weeks"))
    before = history.events_of(CONSIDERED)
    if not before:
        return first, None
    considered = day_of(before[-1], calendar)
    return max(first, considered + timedelta(days=1)), considered


def _unauthorised(
    pupil: Pupil, history: History, first: date, last: date, policy: PolicyAt
) -> tuple[tuple[Session, Code], ...]:
    codes = policy.text("la.unauthorised_codes").split()
    return tuple(
        (session, code)
        for session, code in history.codes(first, last)
        if code in codes and pupil.is_compulsory_school_age(session.day)
    )


def _lines(marks: tuple[tuple[Session, Code], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((said(session), code) for session, code in marks)
