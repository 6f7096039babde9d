"""Each term the school talks with the LA's attendance officer about its cases.

Attendance policy 2023, Attendance intervention. The register check is the agenda.
"""

from collections.abc import Iterable

from mbls_rules_school.meeting import meeting
from mbls_rules_school.times import day_ends
from mbls_sync.api import Figures, Moment, PolicyAt, Proposal, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="LA-10", cites="Attendance intervention", title="each term: a talk with the LA's attendance officer")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    ahead = meeting(moment, calendar, policy)
    if ahead is None:
        return
    allowed = 100 - policy.percent("la.register_check.percent")
    year = [history.figures for history in figures.histories.values()]
    listed = sum(bool(one.possible) and 100 * one.absent >= allowed * one.possible for one in year)
    yield RaiseTask(
        kind="meet-la-officer",
        title="Agree a date and an agenda with the LA's attendance officer",
        why=f"Once a term; {listed} pupils stand in the register check.",
        due=day_ends(ahead.last, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        occasion=ahead.term,
        steps=("mbls-sync returns write register-check", "Go through each pupil: contact made, reasons, what next."),
        done_as="la-officer-met",
    )
