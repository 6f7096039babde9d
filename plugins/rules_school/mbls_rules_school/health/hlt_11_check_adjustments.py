"""Before any letter about a disabled pupil, or one with an EHC plan or a healthcare plan, adjustments are checked.

Attendance policy 2023, SEND- and health-related absences; Equality Act 2010, section 20. The letter waits for the
check, which counts for so many school days, as the termly review (HLT-08) does; praise does not wait.
"""

from collections.abc import Iterable

from mbls_rules_school.clocks import day_of
from mbls_rules_school.needs import has_adjustments
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

CHECKED, REVIEWED = "adjustments-checked", "adjustments-reviewed"


@rule(
    id="HLT-11", cites="SEND- and health-related absences", title="reasonable adjustments are checked before a letter"
)
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    today, checked = history.until.day, history.last_event(CHECKED, REVIEWED)
    if not has_adjustments(pupil, today, policy):
        return
    days = policy.days("adjustments.check_lasts")
    if checked is not None and calendar.school_days_between(day_of(checked, calendar), today) <= days:
        return
    yield RaiseTask(
        kind="check-adjustments",
        title="Check reasonable adjustments: a letter waits for it",
        why="The pupil has a disability or a plan, and a letter about attendance is called for.",
        due=day_ends(today, calendar, policy),
        role=policy.text("roles.senco"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=str(checked.at.date()) if checked else "",
        steps=(
            "Are the adjustments of the plan in place, and do they help?",
            "Is the absence part of the disability? Then talk with home rather than write.",
            "Record what you found; the letter is drafted in the next pass.",
        ),
        done_as=CHECKED,
        facts=attendance_facts(history),
        holds_letters=True,
    )
