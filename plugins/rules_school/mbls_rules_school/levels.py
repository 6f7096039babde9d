"""Which level of support a pupil's attendance calls for: none, watching, support, a review meeting, severe absence.

The percentages are compared exactly: 100 x missed with (100 - percent) x possible, never a rounded figure.
"""

from mbls_sync.api import History, PolicyAt, Pupil, PupilFigures

AT_RISK, PERSISTENT = "at risk of persistent absence", "persistently absent so far"


def so_far(history: History, policy: PolicyAt) -> PupilFigures:
    """The figures that the stages judge: of the year to date, of the term, or of the school weeks that roll."""
    period, last = policy.text("stage.period"), history.until.day
    if period == "term" and (term := history.calendar.term_of(last)) is not None:
        return history.counts(term[1], last)
    if period == "rolling":
        weeks = policy.count("figures.rolling_school_weeks")
        return history.counts(history.calendar.school_weeks_back(last, weeks), last)
    return history.figures


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
    is_persistent = _is_at_or_below(history, "stage.review_percent", policy, boundary)
    return PERSISTENT if is_persistent else AT_RISK


def is_severe(history: History, policy: PolicyAt) -> bool:
    """Whether at least half of enough possible sessions were missed."""
    return history.figures.severe and history.figures.possible >= policy.count("stage.min_possible")


def reaches(pupil: Pupil, history: History, policy: PolicyAt) -> bool:
    """Whether the steps of support reach this pupil: all of compulsory school age, the others where so decided."""
    return pupil.is_compulsory_school_age(history.until.day) or policy.text("scope.non_csa") == "soft"


def _is_at_or_below(history: History, name: str, policy: PolicyAt, boundary: str) -> bool:
    """Whether attendance is at or below (`lt`: below) a percentage of enough possible sessions."""
    figures, allowed = so_far(history, policy), 100 - policy.percent(name)
    if figures.possible < policy.count("stage.min_possible"):
        return False
    missed, limit = 100 * figures.absent, allowed * figures.possible
    return missed > limit if boundary == "lt" else missed >= limit
