"""A key says what an effect is: made from content alone, so that asking twice is asking once."""

from __future__ import annotations

import hashlib
import json

from mbls_sync.model.deliveries import Kind
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import (
    AddToSheet,
    DraftLetter,
    IncludeInReturn,
    OpenReferral,
    Proposal,
    RaiseTask,
    SetCode,
)


def key_of(school: str, rule: str, proposal: Proposal) -> str:
    """The key of what a rule asks for: never from the time, never random.

    A mark is the same mark whichever rule asks for it, so its key leaves the rule out: a rule that falls
    silent while another goes on asking must not make a second write of the first.
    """
    what = (str(kind_of(proposal)), *_identity(proposal))
    parts = [school, "" if isinstance(proposal, SetCode) else rule, *what]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def kind_of(proposal: Proposal) -> Kind:
    """What an effect of this proposal is."""
    return _KINDS[type(proposal)]


def pupil_of(proposal: Proposal) -> PupilId | None:
    """The pupil a proposal is about; None for a class or the school."""
    if isinstance(proposal, SetCode):
        return proposal.subject.pupil
    return None if isinstance(proposal, AddToSheet) else proposal.pupil


_KINDS: dict[type, Kind] = {
    SetCode: Kind.MARK,
    RaiseTask: Kind.TASK,
    DraftLetter: Kind.LETTER,
    IncludeInReturn: Kind.RETURN_LINE,
    OpenReferral: Kind.REFERRAL,
    AddToSheet: Kind.SHEET_ROW,
}


def _identity(proposal: Proposal) -> tuple[str, ...]:
    match proposal:
        case SetCode(subject=subject, code=code):
            return (subject.pupil, str(subject.session), code)
        case RaiseTask(kind=kind, pupil=pupil, occasion=occasion, session=session):
            return (kind, pupil or "", occasion or (str(session) if session else ""))
        case DraftLetter(template=template, pupil=pupil, occasion=occasion):
            return (template, pupil or "", occasion)
        case IncludeInReturn(name=name, pupil=pupil, period=period, occasion=occasion):
            return (name, pupil, occasion or period)
        case OpenReferral(kind=kind, pupil=pupil, occasion=occasion):
            return (kind, pupil, occasion)
        case AddToSheet(sheet=sheet, key=key):
            return (sheet, key)
