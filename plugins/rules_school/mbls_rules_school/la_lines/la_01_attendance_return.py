"""Pupils of compulsory school age who do not attend regularly stand in the attendance return to the LA.

Attendance policy 2023, Absence procedures: each term. The law, from 19 August 2024: at least each month. The law
gives no number for regular attendance, so that the school's own stands, and the national threshold. A pupil is
listed at every interval while it holds, or once an episode where the LA wants it so.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from mbls_rules_school.episodes import Episode, unauthorised
from mbls_rules_school.returning import Span, span_of
from mbls_rules_school.told import was_told
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import Cohort, Facts, History, IncludeInReturn, PolicyAt, Proposal, Pupil, SchoolCalendar, rule

NAME, AS_IT_ARISES = "attendance", "as-it-arises"


@rule(id="LA-01", cites="Absence procedures", title="not attending regularly: a line of the attendance return")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    arises = policy.text("la.attendance_return.frequency") == AS_IT_ARISES
    for span in _spans(history, policy, calendar):
        end = min(history.until.day, span.due)
        if not pupil.is_compulsory_school_age(end):
            continue
        first = history.year.first if arises else span.first
        # Of an interval that is over only what was so by its end is told in it.
        found = [one for one in unauthorised(history, policy, calendar, first, end) if one.known <= end]
        if policy.text("la.attendance_return.repeat") == "once-per-episode":
            found = [episode for episode in found if not was_told(history, NAME, episode.first, episode.last)]
        yield from _lines(found, span, end, history, policy, calendar)


def _spans(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterator[Span]:
    """The present interval, and before it the one that is over while its return is not yet due."""
    frequency, today = policy.text("la.attendance_return.frequency"), history.until.day
    now = span_of(frequency, today, calendar)
    if now is None:
        return
    eve = now.first - timedelta(days=1)
    before = span_of(frequency, eve, calendar) if frequency != AS_IT_ARISES and eve >= history.year.first else None
    if before is not None and _due(before.due, calendar, policy) >= today:
        yield before
    yield now


def _lines(
    found: Sequence[Episode], span: Span, end: date, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterator[IncludeInReturn]:
    """At an interval one line with all its reasons, about the latest absence; else each absence has its own."""
    arises = policy.text("la.attendance_return.frequency") == AS_IT_ARISES
    for episodes in [[episode] for episode in found] if arises else [found] if found else []:
        about = ([episode for episode in episodes if not episode.name.endswith("in all")] or episodes)[-1]
        yield IncludeInReturn(
            name=NAME,
            pupil=history.pupil.id,
            period=about.known.isoformat() if arises else span.period,
            due=_due(about.known if arises else span.due, calendar, policy),
            cause="; ".join(dict.fromkeys(episode.why for episode in episodes)),
            facts=_facts(history, end),
            first=about.first,
            last=min(about.last, end),
            occasion=about.name if arises else "",
        )


def _due(start: date, calendar: SchoolCalendar, policy: PolicyAt) -> date:
    return calendar.school_day_after(start, policy.days("la.attendance_return.due_days"))


def _facts(history: History, end: date) -> Facts:
    figures = history.counts(history.year.first, end, Cohort.STATUTORY)
    return (
        ("Attendance this year", attendance_said(figures)),
        ("Unauthorised", f"{figures.unauthorised} sessions"),
    )
