"""A pupil of whom nobody knows where they are is referred to the LA as missing education.

Attendance policy 2023, Absence procedures: the LA's guidance on children missing education is followed. Opened by
the event `whereabouts-unknown`, closed by `whereabouts-known`. A child who is missing does not wait for a holiday to
end. Only pupils of compulsory school age.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from mbls_rules_school.clocks import day_of
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    Event,
    History,
    IncludeInReturn,
    PolicyAt,
    Proposal,
    Pupil,
    SchoolCalendar,
    Session,
    rule,
)

UNKNOWN, KNOWN = "whereabouts-unknown", "whereabouts-known"


@rule(id="LA-05", cites="Absence procedures", title="whereabouts unknown: the missing-education referral")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last = history.last_event(UNKNOWN, KNOWN)
    if last is None or last.kind == KNOWN or not pupil.is_compulsory_school_age(history.until.day):
        return
    day = day_of(last, calendar)
    seen = _last_seen(history, policy)
    due = _due(day, policy, calendar)
    yield IncludeInReturn(
        name="missing-education",
        pupil=pupil.id,
        period=due.isoformat(),
        due=due,
        cause=f"nobody has known where the pupil is since {said_day(day)}{_because(last)}",
        facts=(("Last seen", _said(seen)), ("Concern", last.note)),
        first=min(day, seen.day + timedelta(days=1)) if seen else day,
        last=max(day, history.until.day),
        occasion=day.isoformat(),
    )


def _due(day: date, policy: PolicyAt, calendar: SchoolCalendar) -> date:
    """The next school day or so; before a holiday the last one that is soon enough, and in it the day itself."""
    held = calendar.sessions(day, day + timedelta(days=policy.days("la.missing_education.latest_days")))
    after = calendar.school_day_after(day, policy.days("la.missing_education.days"))
    return min(after, held[-1].day) if held else day


def _because(event: Event) -> str:
    return f": {event.outcome}" if event.outcome else ""


def _last_seen(history: History, policy: PolicyAt) -> Session | None:
    """The last session of the year in which the register shows the pupil in school."""
    here = policy.text("registers.on_site_codes").split()
    marks = history.codes(history.year.first, history.until.day)
    return next((session for session, code in reversed(marks) if code in here), None)


def _said(session: Session | None) -> str:
    return f"{session.day:%d/%m/%Y} {session.period}" if session else "not this year"
