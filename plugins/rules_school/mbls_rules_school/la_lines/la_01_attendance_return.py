"""Pupils of compulsory school age who do not attend regularly stand in the attendance return to the LA.

Attendance policy 2023, Absence procedures: each term. The law, from 19 August 2024: at least each month. The law
gives no number for regular attendance, so that the school's own stands, and the national threshold. A pupil is
listed at every interval while it holds, or once an episode where the LA wants it so.
"""

from collections.abc import Iterable
from datetime import date

from mbls_rules_school.episodes import Episode, unauthorised
from mbls_rules_school.returning import Span, span_of
from mbls_rules_school.told import was_told
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import Cohort, History, IncludeInReturn, PolicyAt, Proposal, Pupil, SchoolCalendar, rule

NAME = "attendance"


@rule(id="LA-01", cites="Absence procedures", title="not attending regularly: a line of the attendance return")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last = history.until.day
    frequency = policy.text("la.attendance_return.frequency")
    span = span_of(frequency, last, calendar)
    if span is None or not pupil.is_compulsory_school_age(last):
        return
    arises = frequency == "as-it-arises"
    found = list(unauthorised(history, policy, calendar, history.year.first if arises else span.first, last))
    if policy.text("la.attendance_return.repeat") == "once-per-episode":
        found = [episode for episode in found if not was_told(history, NAME, episode.first, episode.last)]
    if not found:
        return
    latest = [episode for episode in found if episode.first != history.year.first][-1:] or found[:1]
    figures = history.counts(history.year.first, last, Cohort.STATUTORY)
    yield IncludeInReturn(
        name=NAME,
        pupil=pupil.id,
        period=latest[0].known.isoformat() if arises else span.period,
        due=_due(latest[0], span, arises, calendar, policy),
        cause="; ".join(dict.fromkeys(episode.why for episode in found)),
        facts=(
            ("Attendance this year", attendance_said(figures)),
            ("Unauthorised", f"{figures.unauthorised} sessions"),
        ),
        first=latest[0].first,
        last=latest[0].last,
        occasion=latest[0].name if arises else "",
    )


def _due(episode: Episode, span: Span, arises: bool, calendar: SchoolCalendar, policy: PolicyAt) -> date:
    start = episode.known if arises else span.due
    return calendar.school_day_after(start, policy.days("la.attendance_return.due_days"))
