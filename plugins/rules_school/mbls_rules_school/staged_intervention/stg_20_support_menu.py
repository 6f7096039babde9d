"""For pupils at risk of persistent absence with an open case, the school chooses from what may help.

Attendance policy 2023, Persistent absence. One task a week with a line for each pupil; what was chosen is recorded
as an event of that pupil, who then leaves the list. Pupils with needs have a list of their own (HLT-09).
"""

from collections.abc import Iterable

from mbls_rules_school.choosing import CHOSEN, STEPS, has_yet_to_choose, said_of
from mbls_rules_school.listing import counted, lines
from mbls_rules_school.needs import has_needs
from mbls_rules_school.times import week_ends
from mbls_sync.api import Figures, Moment, PolicyAt, Proposal, RaiseTask, Rank, SchoolCalendar, monday, rule


@rule(id="STG-20", cites="Persistent absence", title="open cases: choose what may help")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    day = moment.last_school_day
    open_ones = [h for h in figures.histories.values() if has_yet_to_choose(h, policy)]
    waiting = [h for h in open_ones if day is not None and not has_needs(h.pupil, day, policy)]
    if day is None or not waiting:
        return
    yield RaiseTask(
        kind="choose-support",
        title=f"Choose with home what may help {counted(len(waiting), 'pupil')}",
        why="A case is open, and nothing was chosen yet of what may help.",
        due=week_ends(monday(day), calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.FOLLOW_UP,
        occasion=monday(day).isoformat(),
        steps=STEPS,
        done_as=CHOSEN,
        facts=(*policy.table("support.at_risk").items(), *lines(waiting, lambda h: said_of(h, policy))),
    )
