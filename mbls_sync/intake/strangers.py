"""An export that is about other pupils than the school's: another school's, put into the wrong folder."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from mbls_sync.model.marks import PupilId


def why_strange(came: Iterable[PupilId], known: Iterable[PupilId], percent: Decimal) -> str:
    """Why a person must look first: nobody of those who came is known, and they are too many for new starters.

    Too many are `percent` of those who are known, or more. Empty where nobody must look, or nobody is known yet.
    """
    strangers, ours = set(came), set(known)
    if not ours or not strangers or strangers & ours or 100 * len(strangers) < percent * len(ours):
        return ""
    return (
        f"none of its {len(strangers)} pupils is one of the {len(ours)} who are known here. That is what another "
        f"school's export looks like"
    )
