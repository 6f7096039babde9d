"""A line that was sent to the LA and no longer holds, since marks were amended, is offered to be taken back.

School Attendance (Pupil Registration) (England) Regulations 2024, regulation 13: what the LA holds of a pupil is what
the registers say. It is judged as of the end of what was told, by the marks as they are now.
"""

from collections.abc import Iterable

from mbls_rules_school.taking_back import offers
from mbls_sync.api import History, PolicyAt, Proposal, SchoolCalendar, rule

REGULATIONS = "School Attendance (Pupil Registration) (England) Regulations 2024"


@rule(id="LA-11", cites=REGULATIONS, title="told to the LA and no longer so: offer to take it back")
def judge_pupil(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    yield from offers(history, policy, calendar)
