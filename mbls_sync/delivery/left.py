"""A file has left the school: the log, the case chronology and earlier numbers learn it in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from mbls_sync.delivery.packets import document_of, referral_of
from mbls_sync.delivery.return_states import sending_events
from mbls_sync.model.deliveries import Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import recorded_as
from mbls_sync.model.sendings import PaperKind, Sending, SendState
from mbls_sync.store import disclosures, inputs, outbox, people, sendings
from mbls_sync.store.disclosures import Disclosure
from mbls_sync.store.transaction import Tx

PACKET_SENT = "packet-sent"
"""The event that says that a packet has left the school; it is about the packet's pupil."""

SOURCE = "mbls-sync send"


def left_the_school(tx: Tx, sending: Sending, by: str, now: datetime) -> None:
    """Record a file that has left, about whom, and that it takes the place of earlier numbers.

    `by` is who carried it. A return's lines are done by the event, a referral by the step that its packet's leaving is.
    """
    disclosures.record(
        tx,
        Disclosure(
            document=sending.document,
            channel=sending.channel,
            recipient=sending.recipient,
            duty=sending.duty,
            file=sending.file,
            sha256=sending.sha256,
            members=sending.members,
            subjects=sending.subjects,
            by=by,
            at=now,
        ),
    )
    inputs.append(tx, _events(tx, sending, by, now), now, SOURCE)
    _supersede(tx, sending, now)


def _events(tx: Tx, sending: Sending, by: str, now: datetime) -> list[Event]:
    note = f"{sending.document} to {sending.recipient} by {sending.channel}"
    if sending.kind is PaperKind.RETURN:
        names = people.pseudonyms(tx)
        told = [e for e in outbox.load(tx) if e.pupil is not None and names.get(e.pupil) in sending.subjects]
        return sending_events(sending.about, sending.number, told, now, by, note)
    names = people.pseudonyms(tx)
    pupils = {name: pupil for pupil, name in names.items()}
    sent = [
        Event(at=now, kind=PACKET_SENT, pupil=PupilId(pupils[subject]), by=by, note=note, ref=sending.about)
        for subject in sending.subjects
        if subject in pupils
    ]
    return [*sent, *_referred(tx, sending, names, by, now)]


def _referred(tx: Tx, sending: Sending, names: Mapping[PupilId, str], by: str, now: datetime) -> Iterator[Event]:
    """The step that the leaving of a packet is: of the open referral that it was written for, which is then made."""
    for effect in outbox.load(tx, only_open=True):
        if effect.kind is not Kind.REFERRAL or effect.pupil is None or effect.pupil not in names:
            continue
        kind, document = recorded_as(effect.proposal), document_of(referral_of(effect), names[effect.pupil])
        if kind and document == sending.document:
            outbox.move(tx, effect.key, State.VERIFIED, reason=f"{kind} was recorded", now=now, expect=(effect.state,))
            yield Event(at=now, kind=kind, pupil=effect.pupil, by=by, ref=effect.key)


def _supersede(tx: Tx, sending: Sending, now: datetime) -> None:
    """Earlier numbers of the same return stay on record, as corrected; those that never left are withdrawn."""
    for earlier in sendings.load(tx):
        if earlier.about != sending.about or earlier.number >= sending.number:
            continue
        reason = f"number {sending.number} took its place"
        if earlier.state.has_left and earlier.state is not SendState.CORRECTED:
            sendings.move(tx, earlier, SendState.CORRECTED, reason=reason, now=now, expect=(earlier.state,))
        elif earlier.state in (SendState.WAITING, SendState.APPROVED, SendState.REFUSED):
            sendings.move(tx, earlier, SendState.WITHDRAWN, reason=reason, now=now, expect=(earlier.state,))
