"""Changes what is known of a mark on its way, each time with its reason and its audit, and counts what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mbls_sync.clock import Clock
from mbls_sync.errors import MisError
from mbls_sync.model.codes import NO_MARK, Code
from mbls_sync.model.deliveries import Effect, MarkKey, State
from mbls_sync.model.marks import Mark
from mbls_sync.model.proposals import SetCode
from mbls_sync.store import leases, outbox
from mbls_sync.store.database import Store

WAITING = (State.PLANNED, State.APPROVED)
"""A mark that may be sent."""
NO_REFERENCE = "accepted"
"""The receipt of a mark that the MIS accepted without a reference of its own."""


@dataclass
class MarksReport:
    """What became of the marks, in counts, and why sending stopped early where it did."""

    written: int = 0
    verified: int = 0
    conflicted: int = 0
    refused: int = 0
    unknown: int = 0
    stopped: str = ""
    error: MisError | None = None

    def stop(self, error: MisError) -> None:
        """Nothing more is asked of the MIS in this pass."""
        self.stopped, self.error = str(error), error


@dataclass(frozen=True)
class Asked:
    """One mark of the outbox, and what it asks for."""

    effect: Effect
    wanted: SetCode

    @property
    def key(self) -> MarkKey:
        """Which mark of the MIS it is about."""
        return MarkKey(self.wanted.subject.pupil, self.wanted.subject.session)


@dataclass(frozen=True)
class Moves:
    """Moves marks for one school. With a `fence`, only while this process is the writer, else LeaseLost."""

    store: Store
    clock: Clock
    fence: int = 0
    report: MarksReport = field(default_factory=MarksReport)

    def claim(self, batch: Sequence[Asked]) -> list[Asked]:
        """Store as *sending* those that still wait, in one transaction, before anything of them is sent."""
        with self.store.begin() as tx:
            if self.fence:
                leases.check(tx, self.fence)
            return [
                asked
                for asked in batch
                if outbox.move(
                    tx,
                    asked.effect.key,
                    State.SENDING,
                    reason="being sent to the MIS",
                    now=self.clock(),
                    expect=WAITING,
                    fence=self.fence,
                )
            ]

    def put_back(self, asked: Asked, reason: str) -> None:
        """Nothing of it was sent: it waits again as it waited before."""
        self._move(asked.effect, asked.effect.state, reason, (State.SENDING,))

    def settle(self, asked: Asked, to: State, reason: str, receipt: str | None = None) -> None:
        """What is known of it now."""
        expect = (asked.effect.state, State.SENDING)
        if self._move(asked.effect, to, reason, expect, receipt) and hasattr(self.report, str(to)):
            setattr(self.report, str(to), getattr(self.report, str(to)) + 1)

    def _move(
        self, effect: Effect, to: State, reason: str, expect: Sequence[State], receipt: str | None = None
    ) -> bool:
        with self.store.begin() as tx:
            if self.fence:
                leases.check(tx, self.fence)
            now = self.clock()
            return outbox.move(
                tx, effect.key, to, reason=reason, now=now, expect=expect, fence=self.fence, receipt=receipt
            )


def marks_among(effects: Iterable[Effect]) -> list[Asked]:
    """The marks among effects, oldest session first."""
    found = (Asked(effect, effect.proposal) for effect in effects if isinstance(effect.proposal, SetCode))
    return sorted(found, key=lambda asked: (asked.key.session, asked.key.pupil))


def code_of(mark: Mark | None) -> Code:
    """The code of what the MIS answered for a mark; none where it holds none."""
    return NO_MARK if mark is None else mark.code


def in_words(code: Code) -> str:
    """A code, or that there is none."""
    return code or "no mark"
