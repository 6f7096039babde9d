"""Which pupils have special educational needs, a disability or a health plan, as the MIS says it."""

from datetime import date

from mbls_rules_school.safeguarding import has_one_of
from mbls_sync.api import PolicyAt, Pupil


def has_adjustments(pupil: Pupil, day: date, policy: PolicyAt) -> bool:
    """Whether the school owes the pupil reasonable adjustments: a disability, an EHC plan or a healthcare plan."""
    statuses, flags = policy.text("adjustments.sen_statuses"), policy.text("adjustments.flags")
    return _carries(pupil, day, statuses, flags)


def has_needs(pupil: Pupil, day: date, policy: PolicyAt) -> bool:
    """Whether the pupil has special educational needs of any sort, or any of the above."""
    statuses, flags = policy.text("needs.sen_statuses"), policy.text("needs.flags")
    return has_adjustments(pupil, day, policy) or _carries(pupil, day, statuses, flags)


def _carries(pupil: Pupil, day: date, statuses: str, flags: str) -> bool:
    return pupil.sen_status.upper() in statuses.split() or has_one_of(pupil, flags.split(","), day)
