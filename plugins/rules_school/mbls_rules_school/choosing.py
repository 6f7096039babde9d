"""Which open cases wait for a choice of what may help."""

from mbls_rules_school.cases import SUPPORT, last_step, steps
from mbls_rules_school.levels import band, reaches
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import History, PolicyAt

CHOSEN = "support-chosen"
STEPS = (
    "Ask home and the pupil what stands in the way.",
    "Choose what fits from the list, and agree who does what by when.",
    f"Record of each pupil what was chosen: mbls-sync events record {CHOSEN} --upn UPN --outcome TEXT.",
)


def has_yet_to_choose(history: History, policy: PolicyAt) -> bool:
    """Whether a case is open, attendance is still in the band or below, and nothing was chosen in this case."""
    if not steps(history, policy, *SUPPORT) or last_step(history, policy, CHOSEN) is not None:
        return False
    return bool(band(history, policy)) and reaches(history.pupil, history, policy)


def said_of(history: History, policy: PolicyAt) -> str:
    """The pupil's band and attendance."""
    return f"{band(history, policy)}; {attendance_said(history.figures)}"
