"""A case of support: since when it is open, which steps were taken, and whether attendance has improved."""

from datetime import date, datetime, time, timedelta

from mbls_sync.api import (
    AcademicYear,
    Cohort,
    Event,
    History,
    PolicyAt,
    Pupil,
    PupilFigures,
    SchoolCalendar,
)

LETTER = "support-letter-sent"
SUPPORT_INVITED = "support-meeting-invited"
REVIEW_INVITED, REVIEW_HELD = "review-meeting-invited", "review-meeting-held"
MONITORED = "monitoring-reviewed"
FORMAL_INVITED = "formal-review-invited"
REFERRED = "ewo-referred"
REFERRAL_ASKED = "ewo-requested"
CLOSED = "case-closed"
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


def opened_since(history: History, policy: PolicyAt) -> datetime:
    """From when on a step belongs to the pupil's present case.

    That is the end of the last case, or the start of the academic year; of the year before where cases
    carry over.
    """
    year = AcademicYear(history.year.start - 1) if policy.flag("cases.carry_over") else history.year
    start = datetime.combine(year.first, time.min, tzinfo=history.calendar.zone)
    closed = history.last_event(CLOSED)
    return start if closed is None else max(start, closed.at)


def steps(history: History, policy: PolicyAt, *kinds: str) -> tuple[Event, ...]:
    """The steps of these kinds in the present case, in order."""
    return history.events_of(*kinds, since=opened_since(history, policy))


def last_step(history: History, policy: PolicyAt, *kinds: str) -> Event | None:
    """The latest of them."""
    found = steps(history, policy, *kinds)
    return found[-1] if found else None


def day_of(step: Event, calendar: SchoolCalendar) -> date:
    """The day of a step, in the school's zone."""
    return step.at.astimezone(calendar.zone).date()


def weeks_after(step: Event, weeks: int, calendar: SchoolCalendar, policy: PolicyAt) -> date:
    """The day on which so many weeks have passed since a step, by the clock the school has chosen."""
    day = day_of(step, calendar)
    if policy.text("clock.week") == "calendar":
        return day + timedelta(weeks=weeks)
    return calendar.school_weeks_after(day, weeks)


def is_at_or_below(history: History, name: str, policy: PolicyAt, boundary: str = "lte") -> bool:
    """Whether attendance this year is at or below (`lt`: below) a percentage of enough possible sessions.

    It compares 100 x missed with (100 - percent) x possible, never a rounded figure.
    """
    figures, allowed = history.figures, 100 - policy.percent(name)
    if figures.possible < policy.count("stage.min_possible"):
        return False
    missed, limit = 100 * figures.absent, allowed * figures.possible
    return missed > limit if boundary == "lt" else missed >= limit


def needs_review(history: History, policy: PolicyAt) -> bool:
    """Whether attendance this year is so low that home is invited to a review meeting."""
    return is_at_or_below(history, "stage.review_percent", policy, policy.text("stage.review_boundary"))


def needs_support(history: History, policy: PolicyAt) -> bool:
    """Whether attendance this year is so low that support is offered."""
    return is_at_or_below(history, "stage.support_percent", policy)


def reaches(pupil: Pupil, history: History, policy: PolicyAt) -> bool:
    """Whether the steps of support reach this pupil: all of compulsory school age, the others where so decided."""
    return pupil.is_compulsory_school_age(history.until.day) or policy.text("scope.non_csa") == "soft"


def before_and_since(step: Event, history: History, policy: PolicyAt) -> tuple[PupilFigures, PupilFigures]:
    """The year's figures up to the day of a step, and those that show what came of it."""
    day = day_of(step, history.calendar)
    before = history.counts(AcademicYear.of(day).first, day, Cohort.ALL_ROLL)
    if policy.text("stage.improvement") == "year_to_date":
        return before, history.figures
    return before, history.counts(day + timedelta(days=1), history.until.day, Cohort.ALL_ROLL)


def has_not_improved(step: Event, history: History, policy: PolicyAt) -> bool:
    """Whether attendance since a step is no better than before it; False while nothing can be said."""
    before, since = before_and_since(step, history, policy)
    if not (before.possible and since.possible):
        return False
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


def referral_due(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> date | None:
    """When a term of support without improvement is over, where nobody was referred; None where it has helped."""
    begun = steps(history, policy, *SUPPORT)
    of_age = history.pupil.is_compulsory_school_age(history.until.day)
    if not begun or not of_age or not needs_support(history, policy):
        return None
    if steps(history, policy, REFERRED, REFERRAL_ASKED) or not has_not_improved(begun[0], history, policy):
        return None
    return weeks_after(begun[0], policy.count("stage.term_weeks"), calendar, policy)


def formal_review_due(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> tuple[Event, date] | None:
    """The review meeting that brought no improvement, and when its weeks were over; None where none did."""
    met = last_step(history, policy, REVIEW_HELD) or last_step(history, policy, REVIEW_INVITED)
    if met is None or not needs_review(history, policy) or last_step(history, policy, FORMAL_INVITED) is not None:
        return None
    if not has_not_improved(met, history, policy):
        return None
    return met, weeks_after(met, policy.count("stage.monitoring_weeks"), calendar, policy)
