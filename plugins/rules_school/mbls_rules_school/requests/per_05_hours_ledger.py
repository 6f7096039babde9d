"""The hours of education under a performance licence are kept, and a shortfall is told while it still matters.

Attendance policy 2023, Performances and activities; Children (Performances and Activities) (England) Regulations
2014, regulation 13. Hours are recorded as events of the kind education-given.
"""

from collections.abc import Iterable
from datetime import date, datetime

from mbls_rules_school.education_hours import Stretch, outside_school_days, over_the_most
from mbls_rules_school.leave import decided
from mbls_rules_school.licences import is_performance, is_unlicensed, term_of
from mbls_rules_school.licensed_education import given_minutes, hours, required, school_days, stretches, unread
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    AddToSheet,
    Facts,
    History,
    LeaveRequest,
    PolicyAt,
    Proposal,
    Pupil,
    RaiseTask,
    Rank,
    RequestOutcome,
    SchoolCalendar,
    rule,
)

SHEET = "education-under-licence"


@rule(id="PER-05", cites="Performances and activities", title="education under a licence: keep the hours")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    today = now.astimezone(calendar.zone).date()
    if not is_performance(request, policy) or is_unlicensed(request, policy) or today < term_of(request)[0]:
        return
    if decided(request, history).outcome in (RequestOutcome.REFUSED, RequestOutcome.WITHDRAWN):
        return
    pieces = stretches(request, history, policy, today)
    given = given_minutes(request, history)
    who = f"{pupil.name}, {pupil.class_name}" if pupil.class_name else pupil.name
    key = f"{term_of(request)[0].isoformat()} {pupil.id}"
    lines: Facts = tuple((_name(piece), _said(piece)) for piece in pieces)
    yield AddToSheet(SHEET, key, f"{who}: licence {request.licence_number}".strip(), "advice", lines)
    problems = (
        *(f"{_name(piece)}: {_said(piece)}" for piece in pieces if piece.falls_short),
        *(f"{_listed(days)}: more than a day may hold" for days in _given(over_the_most(given, required(policy)))),
        *(f"{_listed(days)}: no school day, counts for nothing" for days in _given(_idle(request, history, given))),
        *(f"“{event.outcome}” is no number of hours" for event in unread(request, history)),
    )
    if problems:
        yield RaiseTask(
            kind="education-hours-short",
            title="Tell the LA that licensed the performance: the hours of education are not kept",
            why="; ".join(problems) + ".",
            due=day_ends(history.until.day, calendar, policy),
            role=policy.text("roles.attendance_officer"),
            rank=Rank.CLOCK,
            pupil=pupil.id,
            occasion=f"{request.key} {len(problems)}",
            steps=("Ask the licence holder for the record of lessons.", "Tell the LA, and agree how it is made good."),
            facts=lines,
            done_as="education-breach-told",
            about=request.key,
        )


def _idle(request: LeaveRequest, history: History, given: dict[date, int]) -> tuple[date, ...]:
    return outside_school_days(given, school_days(request, history))


def _given(days: tuple[date, ...]) -> Iterable[tuple[date, ...]]:
    return (days,) if days else ()


def _listed(days: tuple[date, ...]) -> str:
    return ", ".join(said_day(day) for day in days)


def _name(piece: Stretch) -> str:
    span = said_day(piece.first) if piece.first == piece.last else f"{said_day(piece.first)} to {said_day(piece.last)}"
    return f"{piece.name.capitalize()} {span}"


def _said(piece: Stretch) -> str:
    said = f"{hours(piece.counted)} of {hours(piece.required)}"
    if piece.counted >= piece.required:
        return said
    return f"{said}: can no longer be reached" if piece.falls_short else f"{said} so far"
