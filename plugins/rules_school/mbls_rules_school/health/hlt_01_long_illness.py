"""The LA is told of a pupil who is, or is likely to be, away for long through illness.

Attendance policy 2023, SEND- and health-related absences: for more than 15 school days. The law, from 19 August
2024: for 15 days, one after another or in all. Only pupils of compulsory school age.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

SESSIONS_OF_A_DAY = 2


@rule(id="HLT-01", cites="SEND- and health-related absences", title="long illness, had or expected: tell the LA")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    found = _found(history, policy, calendar) if pupil.is_compulsory_school_age(history.until.day) else None
    if found is None:
        return
    occasion, why = found
    yield RaiseTask(
        kind="tell-la-illness",
        title="Tell the LA of a long illness",
        why=why,
        due=day_ends(history.until.day, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=occasion,
        steps=(
            "Complete the sickness return: name, address, since when, until when if known.",
            "Add what the pupil needs, can do, and is to be taught meanwhile.",
            "Ask the Medical Education Team what it can offer.",
            "Agree with home how the pupil stays in touch with school and friends.",
        ),
        done_as="la-told-illness",
        facts=attendance_facts(history),
    )


def _found(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> tuple[str, str] | None:
    """The occasion and the reason, where the illness is long enough: one run, all runs, or as home expects it."""
    runs = history.runs(*policy.text("sickness.codes").split())
    days = policy.days("sickness.return_days")
    for run in reversed(runs):
        expected = _expected(run.first.day, run.last.day, history, calendar)
        if max(run.school_days, expected) >= days:
            likely = f", and expected to last {expected}" if expected > run.school_days else ""
            return str(run.first), f"Ill for {run.school_days} school days since {said_day(run.first.day)}{likely}."
    total = sum(run.sessions for run in runs)
    if policy.flag("sickness.cumulative") and total >= SESSIONS_OF_A_DAY * days:
        return f"{history.year} in all", f"Ill for {total} sessions this year, in {len(runs)} spells."
    return None


def _expected(first: date, last: date, history: History, calendar: SchoolCalendar) -> int:
    """School days from the first day of an illness that still goes on to the day before home expects the pupil back."""
    said = [m.expected_return for m in history.messages if m.expected_return is not None]
    if not said or last != history.until.day or said[-1] <= last:
        return 0
    return calendar.school_days_between(first, said[-1] - timedelta(days=1))
