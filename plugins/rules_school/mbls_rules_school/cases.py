"""A case of support: since when it is open, which steps were taken, and whether attendance has improved."""

from datetime import UTC, date, datetime, time, timedelta

from mbls_rules_school.clocks import day_of, term_after, weeks_after
from mbls_rules_school.levels import CLOSED, needs_review, needs_support
from mbls_sync.api import AcademicYear, Cohort, Event, History, PolicyAt, PupilFigures, SchoolCalendar

LETTER = "support-letter-sent"
SUPPORT_INVITED = "support-meeting-invited"
REVIEW_INVITED, REVIEW_HELD = "review-meeting-invited", "review-meeting-held"
MONITORED = "monitoring-reviewed"
FORMAL_INVITED = "formal-review-invited"
REFERRED = "ewo-referred"
REFERRAL_ASKED = "ewo-requested"
SUPPORT = (
    LETTER,
    SUPPORT_INVITED,
    "support-meeting-held",
    REVIEW_INVITED,
    REVIEW_HELD,
    FORMAL_INVITED,
    "formal-review-held",
)
"""The kinds of event that are a step of support."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def opened_since(history: History, policy: PolicyAt) -> datetime:
    """From when on a step belongs to the pupil's present case.

    That is the end of the last case, or the start of the academic year. Where cases carry over, a case that
    nobody has closed is open however long ago it began: no case closes by arithmetic.
    """
    closed = history.last_event(CLOSED)
    ended = _LONG_AGO if closed is None else closed.at
    if policy.flag("cases.carry_over"):
        return ended
    return max(ended, datetime.combine(history.year.first, time.min, tzinfo=history.calendar.zone))


def steps(history: History, policy: PolicyAt, *kinds: str) -> tuple[Event, ...]:
    """The steps of these kinds in the present case, in order."""
    return history.events_of(*kinds, since=opened_since(history, policy))


def last_step(history: History, policy: PolicyAt, *kinds: str) -> Event | None:
    """The latest of them."""
    found = steps(history, policy, *kinds)
    return found[-1] if found else None


def before_and_since(step: Event, history: History) -> tuple[PupilFigures, PupilFigures]:
    """The year's figures up to the day of a step, and those since it."""
    day = day_of(step, history.calendar)
    before = history.counts(AcademicYear.of(day).first, day, Cohort.ALL_ROLL)
    return before, history.counts(day + timedelta(days=1), history.until.day, Cohort.ALL_ROLL)


def has_not_improved(step: Event, history: History, policy: PolicyAt) -> bool:
    """Whether attendance since a step is no better than before it; False while nothing can be said.

    By the other reading it is better only where it is above the level at which support is offered. (The year to date
    would be no third reading: it rises above what it was exactly where the sessions since are better than before.)
    """
    before, since = before_and_since(step, history)
    if not (before.possible and since.possible):
        return False
    if policy.text("stage.improvement") == "level":
        return 100 * since.attended <= policy.percent("stage.support_percent") * since.possible
    return since.attended * before.possible <= before.attended * since.possible


def settled_since(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> date | None:
    """The first day of the weeks in which attendance has settled at the agreed target; None where it has not.

    Weeks in which a step of support was taken are too early to tell.
    """
    begun = steps(history, policy, *SUPPORT)
    first = calendar.school_weeks_back(history.until.day, policy.count("stage.stable_weeks"))
    window = history.counts(first, history.until.day)
    if not begun or day_of(begun[-1], calendar) >= first or not window.possible:
        return None
    at_target = 100 * window.attended >= policy.percent("stage.target_percent") * window.possible
    return first if at_target else None


def term_without_effect(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> date | None:
    """When a term of support was over, where attendance is low and has not improved since its first step.

    None where it has helped, where there was no step, and for a pupil below compulsory school age.
    """
    begun = steps(history, policy, *SUPPORT)
    of_age = history.pupil.is_compulsory_school_age(history.until.day)
    if not begun or not of_age or not needs_support(history, policy):
        return None
    if not has_not_improved(begun[0], history, policy):
        return None
    return term_after(begun[0], calendar, policy)


def referral_due(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> date | None:
    """When a term of support without improvement is over, where nobody was referred; None where it has helped."""
    if steps(history, policy, REFERRED, REFERRAL_ASKED):
        return None
    return term_without_effect(history, policy, calendar)


def formal_review_due(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> tuple[Event, date] | None:
    """The review meeting that brought no improvement, and when its weeks are over; None where none did."""
    met = last_step(history, policy, REVIEW_HELD) or last_step(history, policy, REVIEW_INVITED)
    if met is None or not needs_review(history, policy) or last_step(history, policy, FORMAL_INVITED) is not None:
        return None
    if not has_not_improved(met, history, policy):
        return None
    ends = weeks_after(met, policy.count("stage.monitoring_weeks"), calendar, policy)
    return None if ends is None else (met, ends)
