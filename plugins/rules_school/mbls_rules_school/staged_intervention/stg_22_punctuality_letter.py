"""A pupil who is late again and again gets a friendly letter home, from the attendance officer.

Attendance policy 2023, Roles and responsibilities (the attendance officer monitors punctuality). Arrivals before
and after the close count alike; after a letter the count starts anew.
"""

from collections.abc import Iterable
from datetime import timedelta

from mbls_rules_school.clocks import day_of
from mbls_rules_school.levels import reaches
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts
from mbls_sync.api import DraftLetter, History, PolicyAt, Proposal, Pupil, SchoolCalendar, rule

SENT = "punctuality-letter-sent"


@rule(id="STG-22", cites="Roles and responsibilities", title="late again and again: a letter about punctuality")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last, letters = history.until.day, history.events_of(SENT)
    weeks = policy.count("punctuality.weeks")
    first = calendar.school_weeks_back(last, weeks)
    if letters:
        first = max(first, day_of(letters[-1], calendar) + timedelta(days=1))
    if first > last or not reaches(pupil, history, policy):
        return
    counted = history.counts(first, last)
    late = counted.late_before_close + counted.late_after_close
    if late < policy.count("punctuality.times"):
        return
    yield DraftLetter(
        template="punctuality-letter",
        pupil=pupil.id,
        role=policy.text("roles.attendance_officer"),
        occasion=f"after {day_of(letters[-1], calendar)}" if letters else f"{history.year}",
        title="Write home about punctuality",
        why=f"Late {late} times in {weeks} school weeks ({counted.late_after_close} after the register closed).",
        due=day_ends(last, calendar, policy),
        sent_as=SENT,
        facts=(*attendance_facts(history), ("Times late lately", str(late))),
    )
