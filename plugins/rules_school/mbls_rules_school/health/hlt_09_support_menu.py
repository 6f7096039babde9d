"""For pupils with special educational needs or a health condition, open cases ask what support to consider.

Attendance policy 2023, SEND- and health-related absences. One task a week with a line for each pupil, as STG-20 has
for the others; what may help any pupil is listed too.
"""

from collections.abc import Iterable

from mbls_rules_school.choosing import CHOSEN, STEPS, has_yet_to_choose, said_of
from mbls_rules_school.listing import counted, lines
from mbls_rules_school.needs import has_needs
from mbls_rules_school.times import week_ends
from mbls_sync.api import Figures, Moment, PolicyAt, Proposal, RaiseTask, Rank, SchoolCalendar, monday, rule


@rule(id="HLT-09", cites="SEND- and health-related absences", title="open cases with needs: what support?")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    day = moment.last_school_day
    open_ones = [h for h in figures.histories.values() if has_yet_to_choose(h, policy)]
    waiting = [h for h in open_ones if day is not None and has_needs(h.pupil, day, policy)]
    if day is None or not waiting:
        return
    menu = {**policy.table("support.health"), **policy.table("support.at_risk")}
    yield RaiseTask(
        kind="consider-support",
        title=f"Consider with home and the SENCO what may help {counted(len(waiting), 'pupil')} with needs",
        why="A case is open for a pupil with needs the school knows of, and nothing was chosen yet.",
        due=week_ends(monday(day), calendar, policy),
        role=policy.text("roles.senco"),
        rank=Rank.FOLLOW_UP,
        occasion=monday(day).isoformat(),
        steps=STEPS,
        done_as=CHOSEN,
        facts=(*menu.items(), *lines(waiting, lambda h: said_of(h, policy))),
    )
