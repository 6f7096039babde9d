"""Every N of an earlier day stands on the attendance officer's list until it is settled, with its last day.

Attendance policy 2023, Roles and responsibilities (office staff): N codes are reported daily and settled the
same working day. One task a pupil, for the oldest N that still has time; FDC-11 has those whose time is over.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.arriving import came_after
from mbls_rules_school.reasons import message_about
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said, said_day
from mbls_sync.api import (
    UNEXPLAINED_CODE,
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


@rule(id="FDC-06", cites="Roles and responsibilities", title="an N of an earlier day: find the reason")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    days = policy.days("n_to_o.days")
    deadlines = {
        session: day_ends(calendar.school_day_after(session.day, days), calendar, policy)
        for session in _unexplained(history, policy, now)
    }
    open_ones = [session for session in deadlines if now < deadlines[session]]
    if not open_ones:
        return
    first = open_ones[0]
    yield RaiseTask(
        kind="clear-n",
        title=f"Find the reason for the N of {said_day(first.day)}",
        why=f"{len(open_ones)} unexplained session{'' if len(open_ones) == 1 else 's'} since {said(first)}; "
        f"unauthorised after {said_day(deadlines[first].date())} unless a reason is found.",
        due=deadlines[first],
        role=policy.text("roles.attendance_officer"),
        rank=Rank.UNEXPLAINED,
        pupil=pupil.id,
        occasion=str(first),
        session=first,
        say=policy.text("say.past_absence"),
        facts=tuple((said(s), f"until {said_day(deadlines[s].date())}") for s in open_ones),
    )


def _unexplained(history: History, policy: PolicyAt, now: datetime) -> list[Session]:
    """The sessions that are over, are N, and of which home has said nothing, oldest first.

    Today's is over where the pupil came after it.
    """
    today = now.astimezone(history.calendar.zone).date()
    return [
        session
        for run in history.runs(UNEXPLAINED_CODE)
        for session, code in history.codes(run.first.day, run.last.day)
        if code == UNEXPLAINED_CODE
        and (session.day < today or came_after(session, history, policy))
        and message_about(history, session.day, policy) is None
    ]
