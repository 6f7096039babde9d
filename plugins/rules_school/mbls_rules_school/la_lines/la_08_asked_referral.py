"""The EWO may be asked for support at any time: a referral that a member of staff asks for opens the packet.

Attendance policy 2023, Appendix A, 10. Asked for by the event `ewo-requested`; STG-08 has the referral that is
always made after a term. Only pupils of compulsory school age.
"""

from collections.abc import Iterable

from mbls_rules_school.cases import REFERRAL_ASKED, REFERRED, last_step
from mbls_rules_school.clocks import day_of
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_said, said_day
from mbls_sync.api import History, OpenReferral, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(id="LA-08", cites="Appendix A, 10", title="a referral that staff ask for: open the EWO packet")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    asked, sent = last_step(history, policy, REFERRAL_ASKED), last_step(history, policy, REFERRED)
    if asked is None or (sent is not None and sent.at >= asked.at):
        return
    day = day_of(asked, calendar)
    if not pupil.is_compulsory_school_age(history.until.day):
        return
    yield OpenReferral(
        kind="ewo",
        pupil=pupil.id,
        occasion=f"{history.episode()} asked {day.isoformat()}",
        due=day_ends(calendar.school_day_after(day, 1), calendar, policy),
        role=policy.text("roles.attendance_officer"),
        cause=f"Asked for on {said_day(day)}{f' by the {asked.role}' if asked.role else ''}: attendance this year is "
        f"{attendance_said(history.figures)}.",
        done_as=REFERRED,
    )
