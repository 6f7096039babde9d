"""The ground on which a penalty notice may be considered, and whether support has to come first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mbls_rules_school.cases import SUPPORT, has_not_improved, last_step, steps
from mbls_rules_school.clocks import day_of, has_come, weeks_after
from mbls_rules_school.levels import needs_support
from mbls_rules_school.wording import said
from mbls_sync.api import AcademicYear, Code, Cohort, Event, Facts, History, PolicyAt, Pupil, SchoolCalendar, Session

CONSIDERED = "penalty-notice-considered"
ASKED, REQUESTED = "penalty-notice-asked-for", "penalty-notice-requested"
ISSUED, WITHDRAWN = "penalty-notice-issued", "penalty-notice-withdrawn"
FORMAL_WITH_LA = "formal-la-meeting-considered"
NOT_ENGAGED = "support-not-engaged"
TO_IMPROVE = "notice-to-improve-sent"
ANSWERED = (ISSUED, "penalty-notice-declined")
ASK, NOT_NOW = "ask the LA for a notice", "no notice now"
CHOICES = (ASK, "support instead", NOT_NOW)
"""What the head may decide; the first opens the request."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The unauthorised sessions in the school weeks that count; `considered` is when the head last weighed any."""

    marks: tuple[tuple[Session, Code], ...]
    counted: int
    weeks: int
    considered: date | None

    @property
    def why(self) -> str:
        """In one sentence."""
        return (
            f"{self.counted} unauthorised sessions in the {self.weeks} school weeks that count, "
            f"the first on {said(self.marks[0][0])}."
        )

    @property
    def occasion(self) -> str:
        """Of the marks' year, not of today's: the weeks roll over September, and one ground is one task."""
        return f"since {self.considered}" if self.considered else f"{AcademicYear.of(self.marks[0][0].day)}"

    @property
    def lines(self) -> Facts:
        """Each mark, by its session."""
        return tuple((said(session), code) for session, code in self.marks)


def ground_of(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Ground | None:
    """The ground where the national threshold is reached, for a pupil of compulsory school age; None where not."""
    last = history.until.day
    if not policy.is_in_force("penalty_notice.sessions") or not history.pupil.is_compulsory_school_age(last):
        return None
    first, considered = _window(history, policy, calendar)
    counted = history.counts(first, last, Cohort.STATUTORY).unauthorised
    if counted < policy.count("penalty_notice.sessions"):
        return None
    codes = policy.text("la.unauthorised_codes").split()
    marks = tuple(
        (session, code)
        for session, code in history.codes(first, last)
        if code in codes and history.pupil.is_compulsory_school_age(session.day)
    )
    return Ground(marks, counted, policy.count("penalty_notice.school_weeks"), considered)


def comes_after_support(ground: Ground, history: History, policy: PolicyAt) -> bool:
    """Whether a sanction may be thought of: support is on record, or all that counts is holiday without leave."""
    only_holiday = {code for _, code in ground.marks} <= {policy.text("penalty_notice.holiday_code")}
    required = policy.flag("penalty_notice.require_support_log")
    return not required or only_holiday or bool(steps(history, policy, *SUPPORT))


def measures_failed(history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime) -> date | None:
    """When the weeks after the formal meeting with the LA's officer were over without improvement; None where not."""
    met = last_step(history, policy, FORMAL_WITH_LA)
    if met is None or not needs_support(history, policy) or not has_not_improved(met, history, policy):
        return None
    ends = weeks_after(met, policy.count("stage.measures_weeks"), calendar, policy)
    return ends if has_come(ends, now, calendar) else None


def _window(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> tuple[date, date | None]:
    """Where the window begins, never before the last time it was considered, and when that was."""
    first = calendar.school_weeks_back(history.until.day, policy.count("penalty_notice.school_weeks"))
    before = history.events_of(CONSIDERED)
    if not before:
        return first, None
    considered = day_of(before[-1], calendar)
    return max(first, considered + timedelta(days=1)), considered


def asked_for(history: History) -> Event | None:
    """The head's latest decision, where it is to ask for a notice that was neither asked for nor answered since."""
    decided = history.last_event(CONSIDERED, ASKED)
    if decided is None or ASK.casefold() not in decided.outcome.casefold():
        return None
    return None if history.events_of(REQUESTED, *ANSWERED, since=decided.at) else decided


def parents_of(pupil: Pupil) -> tuple[str, ...]:
    """The adults whom the MIS does not say to be without parental responsibility, by name, in the school's order."""
    ordered = sorted(pupil.contacts, key=lambda contact: contact.priority)
    return tuple(contact.name for contact in ordered if contact.name and contact.parental_responsibility is not False)
