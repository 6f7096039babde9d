"""Which filed documents go by which channel, and whether a person must first approve.

Approval is of one content: what is written anew after it waits again. What was filed before the mode became
`auto` is never released by the change of mode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from mbls_sync.delivery.about_whom import about_whom
from mbls_sync.delivery.documents import Document, Readiness, content_of
from mbls_sync.delivery.sending import Way
from mbls_sync.errors import PaperRefused
from mbls_sync.model.deliveries import Mode
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sendings import Sending, SendState
from mbls_sync.store import people, sendings
from mbls_sync.store.database import Tx

MAY_CHANGE = (SendState.WAITING, SendState.APPROVED, SendState.REFUSED)
"""The states in which a document that was written anew takes the place of what stood there."""


@dataclass(frozen=True)
class Rules:
    """What decides about approval: the mode and since when, and from what time a return's figures stand on its day.

    `misfit` says why a document should not go by a channel, as the LA takes it; empty where it may.
    """

    mode: Mode
    mode_since: datetime
    now: datetime
    figures_stand: time
    duty: Callable[[Document], str]
    sent_before: Callable[[Document], bool]
    misfit: Callable[[Document, Way], str] = lambda _document, _way: ""


def plan_sendings(
    tx: Tx, documents: Iterable[Document], ways: Sequence[Way], pupils: Sequence[Pupil], rules: Rules
) -> list[str]:
    """Store a sending for each document and the channel that takes it, or bring it up to date.

    Returns what could not be planned, in words. Nothing is planned in shadow.
    """
    problems: list[str] = []
    known = {(s.document, s.channel): s for s in sendings.load(tx)}
    for document in documents:
        for way in ways:
            stands = known.get((document.name, way.name))
            if rules.sent_before(document):
                _withdraw(tx, stands, rules.now)
            elif document.paper in way.papers:
                try:
                    _plan_one(tx, document, way, pupils, rules, stands)
                except PaperRefused as error:
                    problems.append(str(error))
    return problems


def _plan_one(
    tx: Tx, document: Document, way: Way, pupils: Sequence[Pupil], rules: Rules, known: Sending | None
) -> None:
    content = content_of(document.holding(way.endings))
    if known is not None and (known.content == content or known.state not in MAY_CHANGE):
        _approve_what_became_ready(tx, document, way, known, content, rules)
        return
    fresh = planned(tx, document, way, pupils, rules)
    sendings.put(tx, fresh, "filed" if known is None else "written anew: an earlier approval was of other figures")


def planned(tx: Tx, document: Document, way: Way, pupils: Sequence[Pupil], rules: Rules) -> Sending:
    """A sending of the document as it lies there now."""
    why_not = _needs_a_person(document, way, rules)
    names = people.assigned(tx, [pupil.id for pupil in pupils])
    members = document.holding(way.endings)
    # Whom it is about stands in what goes out, and where only a PDF goes, in what lies beside it.
    subjects = about_whom(document.read(), pupils)
    return Sending(
        document=document.name,
        channel=way.name,
        kind=document.kind,
        about=document.about,
        recipient=way.recipient,
        duty=rules.duty(document),
        number=document.number,
        content=content_of(members),
        members=members,
        subjects=tuple(sorted(names[pupil] for pupil in subjects)),
        state=SendState.WAITING if why_not else SendState.APPROVED,
        opened_at=rules.now,
        changed_at=rules.now,
        reason=why_not or "the lint calls it ready",
    )


def _withdraw(tx: Tx, stands: Sending | None, now: datetime) -> None:
    """What a person carried to the receiver by another way is not sent once more."""
    if stands is not None and stands.state in MAY_CHANGE:
        _move(tx, stands, SendState.WITHDRAWN, "it is recorded as sent already", now)


def _approve_what_became_ready(
    tx: Tx, document: Document, way: Way, known: Sending, content: str, rules: Rules
) -> None:
    """In `auto`, what waited only for its day to end goes; what waited under an earlier mode does not."""
    is_late = known.opened_at < rules.mode_since
    if known.state is SendState.WAITING and known.content == content and not is_late:
        why_not = _needs_a_person(document, way, rules)
        if not why_not:
            _move(tx, known, SendState.APPROVED, "the lint calls it ready", rules.now)


def _move(tx: Tx, known: Sending, to: SendState, reason: str, now: datetime) -> None:
    sendings.move(tx, known, to, reason=reason, now=now, expect=(known.state,))


def _needs_a_person(document: Document, way: Way, rules: Rules) -> str:
    """Why a person must approve; empty where nobody needs to."""
    if wrong := rules.misfit(document, way):
        return f"{wrong}; correct the channel, or a person approves it: mbls-sync send approve"
    if rules.mode is not Mode.AUTO:
        return "a person approves it: mbls-sync send approve"
    if not document.readiness.may_leave:
        said = (
            "no lint has looked at it"
            if document.readiness is Readiness.UNLINTED
            else "the lint does not call it ready"
        )
        return f"{said}; a person looks, then: mbls-sync send approve"
    if document.missing and document.readiness is not Readiness.OVERRIDDEN:
        return f"{document.missing} things are for a person to add or to sign; then: mbls-sync send approve"
    if document.filed_at < rules.mode_since:
        return "it was filed before the mode became auto; a person approves it: mbls-sync send approve"
    if document.due is not None and not _stands(document, rules):
        return f"its figures still move until {document.due.isoformat()} {rules.figures_stand:%H:%M}"
    return ""


def _stands(document: Document, rules: Rules) -> bool:
    today = rules.now.date()
    return (
        document.due is None
        or document.due < today
        or (document.due == today and rules.now.time() >= rules.figures_stand)
    )
