"""Writes marks into an MIS, each guarded: read again, compared, written once, read back.

A row is stored as *sending* before anything is sent, and what came of it after: wherever the process dies,
the next one finds the row and asks the MIS what it holds. A mark that a person set meanwhile always wins, and
a write whose answer was lost is never sent again by itself: it is read back, and what stays unknown is a person's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mbls_sync.contracts import Adapter, ReadsBack, TakesMarks, TakesSeveral
from mbls_sync.delivery.follow_up import FollowUp, Patience
from mbls_sync.delivery.mark_moves import NO_REFERENCE, Asked, MarksReport, Moves, code_of, in_words, marks_among
from mbls_sync.errors import MisError, Unreachable
from mbls_sync.model.codes import Code
from mbls_sync.model.deliveries import Accepted, Effect, MarkWrite, NotSent, PushResult, Refused, State, Unknown
from mbls_sync.model.marks import Mark, MarkDetail
from mbls_sync.store import leases, outbox
from mbls_sync.store.database import Store

Replaceable = Callable[[date], frozenset[Code]]
"""The codes that may be replaced on a session's date."""


@dataclass(frozen=True)
class MarkDesk:
    """Sends marks for one school through one adapter, which reads back and takes marks."""

    adapter: Adapter
    replaceable: Replaceable
    patience: Patience
    moves: Moves

    @property
    def report(self) -> MarksReport:
        """What became of the marks so far."""
        return self.moves.report

    def send(self, effects: Sequence[Effect]) -> MarksReport:
        """Write each mark that may be written, oldest session first, then read all of them back.

        Raises LeaseLost when another process has become the writer.
        """
        for batch in self._batches(marks_among(effects)):
            if self.report.stopped:
                break
            self._one_call(self.moves.claim(batch))
        if not self.report.stopped:
            self.read_back()
        return self.report

    def read_back(self) -> MarksReport:
        """Ask the MIS about every mark that was accepted or whose answer was lost, and decide what can be decided."""
        FollowUp(self.adapter, self.patience, self.moves).look()
        return self.report

    def _batches(self, marks: Sequence[Asked]) -> Iterator[Sequence[Asked]]:
        size = max(self.adapter.most_at_once, 1) if isinstance(self.adapter, TakesSeveral) else 1
        return (marks[low : low + size] for low in range(0, len(marks), size))

    def _one_call(self, claimed: Sequence[Asked]) -> None:
        if not claimed or not isinstance(self.adapter, ReadsBack):
            return
        try:
            held = self.adapter.read([asked.key for asked in claimed])
        except MisError as error:
            self._not_sent(claimed, "the MIS could not be read just before the write; nothing was sent", error)
            return
        to_write = [asked for asked in claimed if self._may_write(asked, code_of(held.get(asked.key)))]
        if not to_write:
            return
        try:
            results = self._push(to_write)
        except Unreachable as error:
            self._not_sent(to_write, "the MIS could not be reached; nothing was sent", error)
            return
        for asked, result in zip(to_write, results, strict=True):
            self._record(asked, result)
        unsent = next((result for result in results if isinstance(result, NotSent)), None)
        if unsent is not None:
            self.report.stop(unsent.error)

    def _not_sent(self, marks: Sequence[Asked], reason: str, error: MisError) -> None:
        self.report.stop(error)
        for asked in marks:
            self.moves.put_back(asked, reason)

    def _may_write(self, asked: Asked, held: Code) -> bool:
        wanted = asked.wanted
        if held == wanted.code:
            self.moves.settle(asked, State.VERIFIED, f"the MIS shows {held} already")
        elif held != wanted.subject.code:
            reason = f"the MIS shows {in_words(held)} where the rule saw {in_words(wanted.subject.code)}"
            self.moves.settle(asked, State.CONFLICTED, f"{reason}; nothing was sent")
        elif held not in self.replaceable(wanted.subject.session.day):
            reason = f"the mark {in_words(held)} may not be replaced by itself; nothing was sent"
            self.moves.settle(asked, State.CONFLICTED, reason)
        else:
            return True
        return False

    def _push(self, marks: Sequence[Asked]) -> Sequence[PushResult]:
        """The one attempt. An adapter that raises after it sent something has left every answer open."""
        if not isinstance(self.adapter, TakesMarks):
            raise Unreachable("this source takes no marks; nothing was sent")
        try:
            answers = self.adapter.push([_write(asked) for asked in marks])
        except Unreachable:
            raise
        except MisError as error:
            return [Unknown(str(error))] * len(marks)
        if len(answers) != len(marks):
            return [Unknown(f"{len(marks)} writes were sent and {len(answers)} answers came")] * len(marks)
        return answers

    def _record(self, asked: Asked, result: PushResult) -> None:
        self.report.written += not isinstance(result, NotSent)
        code = asked.wanted.code
        match result:
            case NotSent(error=error):
                self.moves.put_back(asked, f"the MIS could be reached no more; nothing was sent: {error}")
            case Accepted(reference=reference):
                self.moves.settle(asked, State.ACCEPTED, f"the MIS accepted {code}", reference or NO_REFERENCE)
            case Refused(reason=reason):
                self.moves.settle(asked, State.REFUSED, f"the MIS refused {code}: {reason}")
            case Unknown(reason=reason):
                self.moves.settle(asked, State.UNKNOWN, f"the MIS's answer was lost: {reason}")


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


def _write(asked: Asked) -> MarkWrite:
    wanted = asked.wanted
    detail = None if wanted.minutes_late is None else MarkDetail(minutes_late=wanted.minutes_late)
    mark = Mark(wanted.subject.pupil, wanted.subject.session, wanted.code, detail)
    return MarkWrite(asked.effect.key, mark, wanted.subject.code, wanted.reason)
