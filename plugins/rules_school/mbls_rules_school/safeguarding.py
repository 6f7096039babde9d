"""Pupils for whom somebody outside the school is responsible come first."""

from collections.abc import Iterable
from datetime import date

from mbls_sync.api import PolicyAt, Pupil, Rank


def is_watched(pupil: Pupil, day: date, policy: PolicyAt) -> bool:
    """Whether the pupil carries one of the flags that put an unexplained absence first."""
    return has_one_of(pupil, policy.text("safeguarding.flags").split(","), day)


def has_one_of(pupil: Pupil, flags: Iterable[str], day: date) -> bool:
    """Whether the pupil carries one of these flags, or is what the MIS has a field of its own for."""
    said = {
        "looked after": pupil.looked_after,
        "child in need": pupil.child_in_need,
        "child protection": pupil.child_protection,
        "education health and care plan": pupil.education_health_care_plan,
        "young carer": pupil.young_carer,
    }
    names = [name.strip().casefold() for name in flags]
    return any(said.get(name) or pupil.has_flag(name, day) for name in names)


def ranked(pupil: Pupil, day: date, policy: PolicyAt, otherwise: Rank) -> Rank:
    """The place of a task on the list: first for a watched pupil."""
    return Rank.SAFEGUARDING if is_watched(pupil, day, policy) else otherwise
