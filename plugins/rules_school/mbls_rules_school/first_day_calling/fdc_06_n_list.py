"""Every N of an earlier day stands on the attendance officer's list until it is settled, with its last day.

Attendance policy 2023, Roles and responsibilities (office staff): N codes are reported daily and settled the
same working day. One task a pupil, for the oldest N that still has time; FDC-11 has those whose time is over, but
for one of last July: the register of a school year that has ended is a person's to amend.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from mbls_rules_school.arriving import came_after
from mbls_rules_school.reasons import message_about
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said, said_day
from mbls_sync.api import (
    UNEXPLAINED_CODE,
    AcademicYear,
    History,
    Period,
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
        for session in _unexplained(history, policy, days, now)
    }
    open_ones = [session for session in deadlines if now < deadlines[session]]
    of_july = [s for s in deadlines if now >= deadlines[s] and AcademicYear.of(s.day) != history.year]
    if of_july:
        yield _by_hand(pupil, of_july, deadlines[of_july[-1]], policy)
    if open_ones:
        yield _find(pupil, open_ones, deadlines, policy)


def _find(pupil: Pupil, open_ones: list[Session], deadlines: Mapping[Session, datetime], policy: PolicyAt) -> RaiseTask:
    first = open_ones[0]
    return RaiseTask(
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


def _by_hand(pupil: Pupil, over: list[Session], ended: datetime, policy: PolicyAt) -> RaiseTask:
    code = policy.text("n_to_o.code")
    return RaiseTask(
        kind="clear-n",
        title=f"Enter {code} for the N of {said_day(over[0].day)}, or the reason that was found",
        why=f"The time to explain it ended on {said_day(ended.date())}, and last year's register still has N.",
        due=ended,
        role=policy.text("roles.attendance_officer"),
        rank=Rank.UNEXPLAINED,
        pupil=pupil.id,
        occasion=str(over[0]),
        session=over[0],
        steps=("Enter it in the MIS for each session below.",),
        facts=tuple((said(session), UNEXPLAINED_CODE) for session in over),
    )


def _unexplained(history: History, policy: PolicyAt, days: int, now: datetime) -> list[Session]:
    """The sessions that are over, are N, and of which home has said nothing, oldest first.

    Of twice as many school days as an N has time, be they of July. Today's is over where the pupil came after it.
    """
    today = now.astimezone(history.calendar.zone).date()
    return [
        session
        for session, code in history.recent(2 * len(Period) * days)
        if code == UNEXPLAINED_CODE
        and (session.day < today or came_after(session, history, policy))
        and message_about(history, session.day, policy) is None
    ]
