"""At the end of a term every family is told its child's attendance, absence and punctuality.

Attendance policy 2023, Working with parents to improve attendance. Whom a letter about attendance reached in the
term's last weeks is told by that letter, not twice. It stands until the days for it have passed, into the next term.
"""

from collections.abc import Iterable

from mbls_rules_school.cases import SUPPORT
from mbls_rules_school.ended import term_to_tell, told_by
from mbls_rules_school.returning import Span, term_of
from mbls_rules_school.wording import attendance_facts, attendance_said
from mbls_sync.api import DraftLetter, Figures, History, Moment, PolicyAt, Proposal, SchoolCalendar, rule


@rule(id="MON-14", cites="Working with parents to improve attendance", title="term's end: a statement to every family")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    over = term_to_tell(moment, calendar, policy.days("statement.days"))
    term = None if over is None else term_of(over[2], calendar)
    if term is None:
        return
    weeks_first = calendar.school_weeks_back(term.due, policy.count("statement.weeks"))
    for history in figures.histories.values():
        written = history.last_event(*SUPPORT)
        recently = written is not None and written.at.astimezone(calendar.zone).date() >= weeks_first
        if history.figures.possible and not recently:
            yield _statement(history, term, policy, calendar)


def _statement(history: History, term: Span, policy: PolicyAt, calendar: SchoolCalendar) -> DraftLetter:
    return DraftLetter(
        template="parents-statement",
        pupil=history.pupil.id,
        role=policy.text("roles.office"),
        occasion=term.period,
        title="Send home the statement of attendance",
        why=f"Attendance this year is {attendance_said(history.figures)}.",
        due=told_by(term.due, calendar, policy, policy.days("statement.days")),
        sent_as="statement-sent",
        facts=attendance_facts(history),
        to_all=True,
    )
