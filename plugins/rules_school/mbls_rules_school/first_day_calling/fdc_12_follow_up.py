"""An absence that had to be escalated is closed by five questions: safe, reason, authorised, code, safeguarding.

Attendance policy 2023, Absence procedures. Of an ordinary absence the message and the code answer them; of one
for which others were called, the risk was assessed or the home was visited, a person writes the answers down.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.safeguarding import ranked
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

ESCALATED = ("call-others", "risk-assessed", "home-visit")
CLOSED = "absence-followed-up"
QUESTIONS = (
    "Is the pupil safe, and how is that known?",
    "What was the reason?",
    "Is the absence authorised?",
    "Does the register hold the right code?",
    "Is safeguarding action called for, and taken?",
)


@rule(id="FDC-12", cites="Absence procedures", title="an escalated absence: close it with five answers")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    last, closed = history.last_event(*ESCALATED), history.last_event(CLOSED)
    if last is None or (closed is not None and closed.at >= last.at):
        return
    day = last.at.astimezone(calendar.zone).date()
    if day < history.year.first or now.astimezone(calendar.zone).date() <= day:
        return
    yield RaiseTask(
        kind="follow-up",
        title=f"Close the absence of {said_day(day)} with its five answers",
        why=f"It came to “{last.kind.replace('-', ' ')}” on {said_day(day)}, and no answers are on record.",
        due=day_ends(calendar.school_day_after(day, 1), calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=ranked(pupil, day, policy, Rank.FOLLOW_UP),
        pupil=pupil.id,
        occasion=day.isoformat(),
        steps=QUESTIONS,
        done_as=CLOSED,
    )
