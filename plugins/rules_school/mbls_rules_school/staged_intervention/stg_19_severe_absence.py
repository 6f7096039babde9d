"""Where severe absence goes on after support was given, the DSL considers whether it is neglect.

Attendance policy 2023, Persistent absence; half or more of the sessions since support began were missed. Asked
anew each term while it goes on.
"""

from collections.abc import Iterable

from mbls_rules_school.cases import SUPPORT, before_and_since, steps
from mbls_rules_school.levels import is_severe
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, attendance_said, said_step
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="STG-19", cites="Persistent absence", title="severe absence goes on after support: is it neglect?")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    begun, term = steps(history, policy, *SUPPORT), calendar.term_of(history.until.day)
    if not begun or term is None or not is_severe(history, policy):
        return
    _, since = before_and_since(begun[0], history)
    if since.possible < policy.count("stage.severe_sessions") or not since.severe:
        return
    yield RaiseTask(
        kind="consider-neglect",
        title="Consider whether this absence is neglect",
        why=f"Since support began on {said_step(begun[0], history)}, attendance is {attendance_said(since)}.",
        due=day_ends(history.until.day, calendar, policy),
        role=policy.text("roles.designated_safeguarding_lead"),
        rank=Rank.SAFEGUARDING,
        pupil=pupil.id,
        occasion=f"{history.year} {term[0]}",
        steps=(
            "Follow the child protection policy; talk with children's social care where it says so.",
            "Record what was decided and why.",
        ),
        done_as="neglect-considered",
        facts=attendance_facts(history),
    )
