"""A line that was sent to the LA of a pupil who has left since, and no longer holds, is offered to be taken back.

School Attendance (Pupil Registration) (England) Regulations 2024, regulation 13: the registers of a pupil who has left
are amended too, and the LA acts on what it was told.
"""

from collections.abc import Iterable

from mbls_rules_school.taking_back import offers
from mbls_sync.api import Figures, PolicyAt, Proposal, SchoolCalendar, rule

REGULATIONS = "School Attendance (Pupil Registration) (England) Regulations 2024"


@rule(id="LA-12", cites=REGULATIONS, title="told of a leaver and no longer so: offer to take it back")
def judge_school(figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    for history in figures.leavers.values():
        yield from offers(history, policy, calendar)
