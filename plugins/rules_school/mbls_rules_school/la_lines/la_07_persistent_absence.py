"""Before a term ends the LA is told of pupils who are persistently absent, by its own guidance.

Attendance policy 2023, Absence procedures. The LA publishes no form for it: the register check carries the names, and
the talk with its officer is about them.
"""

from collections.abc import Iterable

from mbls_rules_school.meeting import meeting
from mbls_rules_school.times import day_ends
from mbls_sync.api import Figures, Moment, PolicyAt, Proposal, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="LA-07", cites="Absence procedures", title="persistent absence: told to the LA each term")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    ahead = meeting(moment, calendar, policy)
    year = [history.figures for history in figures.histories.values()]
    persistent, severe = sum(one.persistent for one in year), sum(one.severe for one in year)
    if ahead is None or not persistent:
        return
    yield RaiseTask(
        kind="report-persistent-absence",
        title="Tell the LA of persistent and severe absence",
        why=f"Persistently absent this year: {persistent}, of whom severely: {severe}.",
        due=day_ends(ahead.last, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        occasion=ahead.term,
        steps=("mbls-sync returns write register-check", "mbls-sync figures --by pupil", "Send as the LA takes it."),
        done_as="persistent-absence-told",
    )
