"""Writes marks into an MIS, each guarded: read again, compared, written once, read back.

A row is stored as *sending* before anything is sent, and what came of it after: wherever the process dies,
the next one finds the row, asks the MIS what it holds, and only then decides. A mark that a person set
meanwhile always wins, and a write whose answer was lost is never sent again before it was read back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from mbls_sync.clock import Clock
from mbls_sync.contracts import Adapter, ReadsBack, TakesMarks
from mbls_sync.errors import MisError
from mbls_sync.model.codes import NO_MARK, Code
from mbls_sync.model.deliveries import (
    Accepted,
    Effect,
    Kind,
    MarkKey,
    MarkWrite,
    Mode,
    PushResult,
    Refused,
    State,
    Unknown,
)
from mbls_sync.model.marks import Mark, MarkDetail
from mbls_sync.model.proposals import SetCode
from mbls_sync.store import leases, outbox
from mbls_sync.store.database import Store

Replaceable = Callable[[date], frozenset[Code]]
"""The codes that may be replaced on a session's date."""


@dataclass
class MarksReport:
    """What became of the marks, in counts, and why sending stopped early where it did."""

    written: int = 0
    verified: int = 0
    conflicted: int = 0
    refused: int = 0
    unknown: int = 0
    stopped: str = ""


@dataclass(frozen=True)
class MarkDesk:
    """Sends marks for one school through one adapter."""

    store: Store
    adapter: Adapter
    replaceable: Replaceable
    clock: Clock
    fence: int = 0
    report: MarksReport = field(default_factory=MarksReport)

    def send(self, effects: Sequence[Effect]) -> MarksReport:
        """Write each mark that may be written, oldest session first, then read all of them back.

        Raises LeaseLost when another process has become the writer.
        """
        for effect in sorted(effects, key=_when):
            if self.report.stopped:
                break
            self._one(effect)
        self.read_back(first_look=True)
        return self.report

    def read_back(self, *, first_look: bool = False) -> MarksReport:
        """Ask the MIS what it holds for every mark that was accepted or whose answer was lost, and decide.

        At the `first_look`, right after the write, a lost write that is not there yet is left *unknown*: it
        may still land. At a later pass it is taken as never arrived.
        """
        if not isinstance(self.adapter, ReadsBack):
            return self.report
        with self.store.read() as tx:
            waiting = outbox.load(tx, states=(State.ACCEPTED, State.UNKNOWN))
        marks = [(effect, effect.proposal) for effect in waiting if isinstance(effect.proposal, SetCode)]
        if not marks:
            return self.report
        try:
            held = self.adapter.read([_key(wanted) for _, wanted in marks])
        except MisError as error:
            self.report.stopped = str(error)
            return self.report
        for effect, wanted in marks:
            self._decide(effect, wanted, _code(held.get(_key(wanted))), first_look)
        return self.report

    def _one(self, effect: Effect) -> None:
        wanted = effect.proposal
        if not isinstance(wanted, SetCode) or not isinstance(self.adapter, TakesMarks):
            return
        if not self._move(effect, State.SENDING, "being sent to the MIS", (State.PLANNED, State.APPROVED)):
            return  # another hand has moved it since it was loaded
        now_held = self._read_again(effect, wanted)
        if now_held is not None and self._may_write(effect, wanted, now_held):
            self._record(effect, wanted, self._push(effect, wanted))

    def _read_again(self, effect: Effect, wanted: SetCode) -> Code | None:
        """The code the MIS holds at this moment; None where it cannot say, and nothing is sent then."""
        if not isinstance(self.adapter, ReadsBack):
            self._back(effect, "the MIS cannot be asked what it holds, so nothing is written to it")
            return None
        try:
            return _code(self.adapter.read([_key(wanted)]).get(_key(wanted)))
        except MisError as error:
            self._back(effect, "the MIS could not be read just before the write; nothing was sent")
            self.report.stopped = str(error)
            return None

    def _may_write(self, effect: Effect, wanted: SetCode, held: Code) -> bool:
        if held == wanted.code:
            self._settle(effect, State.VERIFIED, f"the MIS shows {held} already")
        elif held != wanted.subject.code:
            seen, now = wanted.subject.code or "no mark", held or "no mark"
            self._settle(effect, State.CONFLICTED, f"the MIS shows {now} where the rule saw {seen}; nothing was sent")
        elif held not in self.replaceable(wanted.subject.session.day):
            self._settle(effect, State.CONFLICTED, f"the mark {held} may not be replaced by itself; nothing was sent")
        else:
            return True
        return False

    def _push(self, effect: Effect, wanted: SetCode) -> PushResult:
        """The one attempt. An adapter that raises instead of answering has left the answer open."""
        detail = None if wanted.minutes_late is None else MarkDetail(minutes_late=wanted.minutes_late)
        mark = Mark(wanted.subject.pupil, wanted.subject.session, wanted.code, detail)
        assert isinstance(self.adapter, TakesMarks)  # noqa: S101 - send() asked before
        try:
            answers = self.adapter.push([MarkWrite(effect.key, mark, wanted.subject.code, wanted.reason)])
        except MisError as error:
            return Unknown(str(error))
        return answers[0] if len(answers) == 1 else Unknown(f"one write was sent and {len(answers)} answers came")

    def _record(self, effect: Effect, wanted: SetCode, result: PushResult) -> None:
        self.report.written += 1
        match result:
            case Accepted(reference=reference):
                self._settle(effect, State.ACCEPTED, f"the MIS accepted {wanted.code}", reference)
            case Refused(reason=reason):
                self._settle(effect, State.REFUSED, f"the MIS refused {wanted.code}: {reason}")
            case Unknown(reason=reason):
                self._settle(effect, State.UNKNOWN, f"the MIS's answer was lost: {reason}")

    def _decide(self, effect: Effect, wanted: SetCode, held: Code, first_look: bool) -> None:
        lost = effect.state is State.UNKNOWN
        if held == wanted.code:
            said = f"the answer was lost, and the MIS shows {held}" if lost else f"the MIS shows {held}"
            self._settle(effect, State.VERIFIED, said)
        elif held != wanted.subject.code:
            said = f"the MIS shows {held or 'no mark'}, neither {wanted.code} nor what the rule saw"
            self._settle(effect, State.CONFLICTED, said)
        elif lost and not first_look:
            self._settle(
                effect, self._waited_as(effect), "the answer was lost and the MIS does not show the mark: not written"
            )

    def _waited_as(self, effect: Effect) -> State:
        """As what it waits again: nobody has approved a mark that was sent in auto, whatever the mode is now."""
        with self.store.read() as tx:
            return outbox.waited_as(tx, effect.key)

    def _back(self, effect: Effect, reason: str) -> None:
        self._move(effect, effect.state, reason, (State.SENDING,))

    def _settle(self, effect: Effect, to: State, reason: str, receipt: str = "") -> None:
        if self._move(effect, to, reason, (effect.state, State.SENDING), receipt) and hasattr(self.report, str(to)):
            setattr(self.report, str(to), getattr(self.report, str(to)) + 1)

    def _move(self, effect: Effect, to: State, reason: str, expect: Sequence[State], receipt: str = "") -> bool:
        with self.store.begin() as tx:
            if self.fence:
                leases.check(tx, self.fence)
            now = self.clock()
            return outbox.move(
                tx, effect.key, to, reason=reason, now=now, expect=expect, fence=self.fence, receipt=receipt
            )


def recover(store: Store, now: datetime, fence: int = 0) -> int:
    """Turn every row found *sending* into *unknown*: it belongs to a process that died. How many there were."""
    with store.begin() as tx:
        if fence:
            leases.check(tx, fence)
        found = outbox.load(tx, states=(State.SENDING,))
        for effect in found:
            reason = "the program stopped while this was being sent; it is read back before anything else"
            outbox.move(tx, effect.key, State.UNKNOWN, reason=reason, now=now, expect=(State.SENDING,), fence=fence)
    return len(found)


def cleared_to_send(effects: Sequence[Effect], mode: Mode, since: datetime) -> tuple[Effect, ...]:
    """The marks that this mode lets out. `since` is when the mode was set.

    In confirm only what a person approved. In auto also what was opened since auto was set: what piled up
    before waits for a person's approval, or to be called for afresh; and so does a mark that its rule wants
    signed off.
    """
    marks = (effect for effect in effects if effect.kind is Kind.MARK)
    if mode is Mode.SHADOW:
        return ()
    if mode is Mode.CONFIRM:
        return tuple(effect for effect in marks if effect.state is State.APPROVED)
    return tuple(
        effect
        for effect in marks
        if effect.state is State.APPROVED
        or (effect.state is State.PLANNED and effect.opened_at >= since and not _wants_sign_off(effect))
    )


def _wants_sign_off(effect: Effect) -> bool:
    return isinstance(effect.proposal, SetCode) and effect.proposal.sign_off


def _when(effect: Effect) -> tuple[object, ...]:
    wanted = effect.proposal
    assert isinstance(wanted, SetCode)  # noqa: S101 - only marks are sent
    return (wanted.subject.session, wanted.subject.pupil)


def _key(wanted: SetCode) -> MarkKey:
    return MarkKey(wanted.subject.pupil, wanted.subject.session)


def _code(mark: Mark | None) -> Code:
    return NO_MARK if mark is None else mark.code
