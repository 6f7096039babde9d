"""Pupils of compulsory school age who do not attend regularly stand in the attendance return to the LA.

Attendance policy 2023, Absence procedures: each term. The law, from 19 August 2024: at least each month. The law
gives no number for regular attendance, so that the school's own stands, and the national threshold. A pupil is
listed at every interval while it holds, or once an episode where the LA wants it so.
"""

from collections.abc import Iterable
from datetime import date

from mbls_rules_school.episodes import unauthorised
from mbls_rules_school.returning import span_of
from mbls_rules_school.told import was_told
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import Cohort, Facts, History, IncludeInReturn, PolicyAt, Proposal, Pupil, SchoolCalendar, rule

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
    # At an interval a pupil has one line with all its reasons, about the latest absence; else each absence has its own.
    for episodes in [[episode] for episode in found] if arises else [found] if found else []:
        about = ([episode for episode in episodes if not episode.name.endswith("in all")] or episodes)[-1]
        start = about.known if arises else span.due
        yield IncludeInReturn(
            name=NAME,
            pupil=pupil.id,
            period=about.known.isoformat() if arises else span.period,
            due=_due(start, calendar, policy),
            cause="; ".join(dict.fromkeys(episode.why for episode in episodes)),
            facts=_facts(history),
            first=about.first,
            last=about.last,
            occasion=about.name if arises else "",
        )


def _due(start: date, calendar: SchoolCalendar, policy: PolicyAt) -> date:
    return calendar.school_day_after(start, policy.days("la.attendance_return.due_days"))


def _facts(history: History) -> Facts:
    figures = history.counts(history.year.first, history.until.day, Cohort.STATUTORY)
    return (
        ("Attendance this year", attendance_said(figures)),
        ("Unauthorised", f"{figures.unauthorised} sessions"),
    )
