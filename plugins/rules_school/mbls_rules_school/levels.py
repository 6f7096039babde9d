"""Which level of support a pupil's attendance calls for: none, watching, support, a review meeting, severe absence.

The percentages are compared exactly: 100 x missed with (100 - percent) x possible, never a rounded figure.
"""

from datetime import date, timedelta

from mbls_rules_school.clocks import day_of
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import History, PolicyAt, Pupil, PupilFigures

CLOSED = "case-closed"
AT_RISK, PERSISTENT = "at risk of persistent absence", "persistently absent so far"


def so_far(history: History, policy: PolicyAt) -> PupilFigures:
    """The figures that the stages judge: of the year to date, of the term, or of the school weeks that roll."""
    first = _judged_from(history, policy)
    return history.figures if first == history.year.first else history.counts(first, history.until.day)


def so_far_said(history: History, policy: PolicyAt) -> str:
    """`Attendance this year is 92.3% (12 of 155 sessions missed)`, of the span that the stages judge."""
    match policy.text("stage.period"):
        case "term" if history.calendar.term_of(history.until.day) is not None:
            span = "this term"
        case "rolling":
            span = f"in the last {policy.count('figures.rolling_school_weeks')} school weeks"
        case _:
            span = "this year"
    return f"Attendance {span} is {attendance_said(so_far(history, policy))}"


def _since_closing(history: History, policy: PolicyAt) -> PupilFigures | None:
    """The figures since the last case was closed; None where there was none, or the head lets it not count."""
    closed = history.last_event(CLOSED)
    if closed is None or not policy.flag("stage.anew_after_closing"):
        return None
    last = history.until.day
    return history.counts(min(day_of(closed, history.calendar) + timedelta(days=1), last), last)


def _judged_from(history: History, policy: PolicyAt) -> date:
    """The first day of the span that the head has chosen."""
    last = history.until.day
    match policy.text("stage.period"):
        case "term" if (term := history.calendar.term_of(last)) is not None:
            return term[1]
        case "rolling":
            return history.calendar.school_weeks_back(last, policy.count("figures.rolling_school_weeks"))
        case _:
            return history.year.first


def needs_review(history: History, policy: PolicyAt) -> bool:
    """Whether attendance is so low that home is invited to a review meeting."""
    return _is_at_or_below(history, "stage.review_percent", policy, policy.text("stage.review_boundary"))


def needs_support(history: History, policy: PolicyAt) -> bool:
    """Whether attendance is so low that support is offered."""
    return _is_at_or_below(history, "stage.support_percent", policy, policy.text("stage.support_boundary"))


def is_below_target(history: History, policy: PolicyAt) -> bool:
    """Whether attendance is below the school's target."""
    return _is_at_or_below(history, "stage.target_percent", policy, "lt")


def band(history: History, policy: PolicyAt) -> str:
    """What the pupil's attendance is called: at risk of persistent absence, persistently absent, or nothing.

    At exactly the lower end of the band a pupil is persistently absent, where `stage.at_risk_boundary` is `gt`.
    """
    if not needs_support(history, policy):
        return ""
    boundary = "lte" if policy.text("stage.at_risk_boundary") == "gt" else "lt"
    # What came since a case was closed decides whether a step is asked for, never what the figure is called.
    is_persistent = _is_low(so_far(history, policy), "stage.review_percent", policy, boundary)
    return PERSISTENT if is_persistent else AT_RISK


def is_severe(history: History, policy: PolicyAt) -> bool:
    """Whether at least half of enough possible sessions were missed."""
    return history.figures.severe and history.figures.possible >= policy.count("stage.min_possible")


def reaches(pupil: Pupil, history: History, policy: PolicyAt) -> bool:
    """Whether the steps of support reach this pupil: all of compulsory school age, the others where so decided."""
    return pupil.is_compulsory_school_age(history.until.day) or policy.text("scope.non_csa") == "soft"


def _is_at_or_below(history: History, name: str, policy: PolicyAt, boundary: str) -> bool:
    """Whether attendance is at or below (`lt`: below) a percentage of enough possible sessions.

    After a case was closed, what came since must be as low too: else the family that was just thanked would get the
    first letter again the next day, for absences that are settled. It is not enough alone: one day of illness would
    then call a family to a meeting whose child has hardly missed any school.
    """
    if not _is_low(so_far(history, policy), name, policy, boundary):
        return False
    since = _since_closing(history, policy)
    return since is None or _is_low(since, name, policy, boundary)


def _is_low(figures: PupilFigures, name: str, policy: PolicyAt, boundary: str) -> bool:
    allowed, enough = 100 - policy.percent(name), policy.count("stage.min_possible")
    missed, limit = 100 * figures.absent, allowed * figures.possible
    return figures.possible >= enough and (missed > limit if boundary == "lt" else missed >= limit)
