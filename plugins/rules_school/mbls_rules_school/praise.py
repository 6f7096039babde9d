"""When attendance is excellent or outstanding; what a head has chosen not to hold against a pupil is left out."""

from datetime import date

from mbls_sync.api import History, PolicyAt, PupilFigures

EXCELLENT, OUTSTANDING = "excellent", "outstanding"


def word_for(figures: PupilFigures, history: History, first: date, last: date, policy: PolicyAt) -> str:
    """`outstanding`, `excellent`, or nothing."""
    attended, possible = _counted(figures, history, first, last, policy)
    if possible < policy.count("reward.min_possible"):
        return ""
    if 100 * attended >= policy.percent("reward.outstanding_percent") * possible:
        return OUTSTANDING
    return EXCELLENT if 100 * attended >= policy.percent("reward.excellent_percent") * possible else ""


def is_outstanding(figures: PupilFigures, history: History, first: date, last: date, policy: PolicyAt) -> bool:
    """Whether nothing was missed."""
    return word_for(figures, history, first, last, policy) == OUTSTANDING


def _counted(figures: PupilFigures, history: History, first: date, last: date, policy: PolicyAt) -> tuple[int, int]:
    """Sessions attended and possible, less the absences that the head does not count, and lates where they do."""
    attended, possible = figures.attended, figures.possible
    forgiven = policy.text("reward.forgiven_codes").split()
    if figures.absent and forgiven != ["none"]:
        possible -= sum(code in forgiven for _, code in history.codes(first, last))
    if not policy.flag("reward.late_allowed"):
        attended -= figures.late_before_close
    return attended, possible
