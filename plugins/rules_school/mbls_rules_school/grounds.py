"""The policy's grounds against leave, each beside the dated value it is held to. They advise and refuse nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from mbls_rules_school.assessments import school_days_before, windows
from mbls_rules_school.requesting import is_holiday
from mbls_rules_school.wording import per_cent, said_day
from mbls_sync.api import AcademicYear, History, LeaveRequest, PolicyAt, PupilFigures, SchoolCalendar

AGAINST = "against: "
"""What begins the text of a ground that stands against the leave."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing the policy has the head look at: what it is called, what was found, whether it stands against."""

    label: str
    text: str
    stands_against: bool

    @property
    def fact(self) -> tuple[str, str]:
        """As a line of the sheet."""
        return self.label, f"{AGAINST}{self.text}" if self.stands_against else self.text


def grounds(request: LeaveRequest, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> tuple[Ground, ...]:
    """LOA-05 to LOA-08: assessments, unauthorised absence, authorised absence, family holiday, in this order."""
    return (
        _assessments(request, history, policy, calendar),
        _unauthorised(history, policy),
        _authorised(history, policy),
        *_holiday(request, policy),
    )


def stand_against(found: tuple[Ground, ...]) -> tuple[str, ...]:
    """The names of the grounds that stand against the leave."""
    return tuple(ground.label.lower() for ground in found if ground.stands_against)


def looked_back_on(history: History, policy: PolicyAt) -> PupilFigures:
    """The record that the grounds look at: this academic year, or all that is held."""
    if policy.text("leave.lookback") == "ytd":
        return history.figures
    years = [*history.registers, history.year]
    return history.counts(min(years, key=lambda year: year.start).first, history.until.day)


def _assessments(request: LeaveRequest, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Ground:
    lead, found = policy.days("leave.assessment_lead_days"), []
    for window in windows(policy.on(request.first)):
        before = school_days_before(request, window, calendar)
        if before is not None and before <= lead and window.concerns(history.pupil):
            where = "during" if not before else f"{before} school day{'' if before == 1 else 's'} before"
            found.append(f"{where} {window.name} ({said_day(window.first)} to {said_day(window.last)})")
    text = "; ".join(found) or f"none during the leave or in the {lead} school days after it"
    return Ground("Statutory assessments", text, bool(found))


def _unauthorised(history: History, policy: PolicyAt) -> Ground:
    count, limit = looked_back_on(history, policy).unauthorised, policy.count("leave.unauthorised_sessions")
    text = f"{count} session{'' if count == 1 else 's'}{_span_said(policy)}; the policy looks at {limit} or more"
    return Ground("Unauthorised absence", text, count >= limit)


def _authorised(history: History, policy: PolicyAt) -> Ground:
    figures, limit = looked_back_on(history, policy), policy.percent("leave.authorised_percent")
    share = per_cent(figures.authorised, figures.possible)
    text = f"{share} ({figures.authorised} of {figures.possible} sessions){_span_said(policy)}; the limit is {limit}%"
    return Ground("Authorised absence", text, 100 * figures.authorised > limit * figures.possible)


def _holiday(request: LeaveRequest, policy: PolicyAt) -> Iterator[Ground]:
    if is_holiday(request, policy):
        yield Ground("Family holiday", "leave for a family holiday is not likely to be given", True)


def _span_said(policy: PolicyAt) -> str:
    return " this year" if policy.text("leave.lookback") == "ytd" else " in all years held"


def year_before(history: History) -> PupilFigures:
    """The figures of the academic year before."""
    before = AcademicYear(history.year.start - 1)
    return history.counts(before.first, before.last)
