"""An absence that is long: the latest one of so many school days without a break."""

from mbls_sync.api import History, PolicyAt, Run


def long_absence(history: History, policy: PolicyAt) -> Run | None:
    """The latest unbroken absence that reaches this academic year, authorised or not, and is long; None: none is."""
    days = policy.days("long_absence.days")
    return next((run for run in reversed(history.unbroken()) if run.school_days >= days), None)
