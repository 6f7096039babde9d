"""Until a case is closed, the school stays in touch with home: no case is left to lie.

Attendance policy 2023, Appendix A, 12. Any step of support, any look at the case and any talk with home counts. One
task a week with a line for each case; a talk is recorded as an event of that pupil, who then leaves the list.
"""

from collections.abc import Iterable
from datetime import date, datetime

from mbls_rules_school.cases import MONITORED, SUPPORT, last_step, settled_since, steps
from mbls_rules_school.clocks import day_of, has_come, weeks_after
from mbls_rules_school.levels import reaches
from mbls_rules_school.listing import counted, ids, lines, recorded_for_each
from mbls_rules_school.times import week_ends
from mbls_rules_school.wording import attendance_said, said_since
from mbls_sync.api import (
    Figures,
    History,
    Moment,
    PolicyAt,
    Proposal,
    RaiseTask,
    Rank,
    SchoolCalendar,
    monday,
    rule,
)

CONTACTED = "home-contacted"


@rule(id="STG-13", cites="Appendix A, 12", title="open cases: stay in touch with home")
def judge_school(
    moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    day = moment.last_school_day
    silent = {id: last for id, h in figures.histories.items() if (last := _silent_since(h, policy, calendar, now))}
    if day is None or not silent:
        return
    found = [figures.histories[id] for id in silent]
    yield RaiseTask(
        kind="stay-in-touch",
        title=f"Talk with home about {counted(len(silent), 'open case')} of which nothing was recorded of late",
        why=f"No step was recorded for {policy.count('stage.contact_weeks')} school weeks.",
        due=week_ends(monday(day), calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        occasion=monday(day).isoformat(),
        steps=(
            "Ask how it is going, say what has gone well, and agree what comes next; or close the case.",
            recorded_for_each(CONTACTED),
        ),
        done_as=CONTACTED,
        each=ids(found),
        facts=lines(
            found, lambda h: f"last on {said_since(silent[h.pupil.id], h.until.day)}; {attendance_said(h.figures)}"
        ),
    )


def _silent_since(history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime) -> date | None:
    """The day of the last step of an open case, where it is too long ago; None where not, or where it may be closed."""
    if not steps(history, policy, *SUPPORT) or not reaches(history.pupil, history, policy):
        return None
    last = last_step(history, policy, *SUPPORT, MONITORED, "case-monitored", CONTACTED)
    if last is None or settled_since(history, policy, calendar):
        return None
    due = weeks_after(last, policy.count("stage.contact_weeks"), calendar, policy)
    return day_of(last, calendar) if has_come(due, now, calendar) else None
