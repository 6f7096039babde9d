"""Follows up marks that were written: asks for the outcome that was to come later, reads back, looks a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mbls_sync.contracts import Adapter, ConfirmsLater, ReadsBack, Recomputes
from mbls_sync.delivery.mark_moves import NO_REFERENCE, Asked, Moves, code_of, in_words, marks_among
from mbls_sync.errors import MisError
from mbls_sync.model.codes import Code
from mbls_sync.model.deliveries import Accepted, Refused, State
from mbls_sync.store import outbox

Outcomes = Mapping[str, Accepted | Refused]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a written mark is followed up by the program, and when one is looked at a second time."""

    confirm_within: timedelta
    second_look: timedelta


@dataclass(frozen=True)
class FollowUp:
    """One look at every mark that was accepted or whose answer was lost. Nothing here writes a mark."""

    adapter: Adapter
    patience: Patience
    moves: Moves

    def look(self) -> None:
        """Verify what the MIS shows and settle what it refused or a person changed; leave open what may still come."""
        if not isinstance(self.adapter, ReadsBack):
            return
        with self.moves.store.read() as tx:
            marks = marks_among(outbox.load(tx, states=(State.ACCEPTED, State.UNKNOWN)))
        if not marks:
            return
        try:
            outcomes = self._outcomes(marks)
            held = self.adapter.read([asked.key for asked in marks])
        except MisError as error:
            self.moves.report.stop(error)
            return
        for asked in marks:
            self._decide(asked, code_of(held.get(asked.key)), outcomes.get(asked.effect.receipt))

    def _outcomes(self, marks: Sequence[Asked]) -> Outcomes:
        """What became of the writes that are still polled: for so long as their outcome may be waited for."""
        polled = [asked.effect.receipt for asked in marks if self._is_polled(asked)]
        return self.adapter.outcomes(polled) if polled and isinstance(self.adapter, ConfirmsLater) else {}

    def _is_polled(self, asked: Asked) -> bool:
        effect = asked.effect
        confirms = isinstance(self.adapter, ConfirmsLater) and effect.state is State.ACCEPTED
        named = effect.receipt not in ("", NO_REFERENCE)
        return confirms and named and not self._is_past(asked, self.patience.confirm_within)

    def _decide(self, asked: Asked, held: Code, outcome: Accepted | Refused | None) -> None:
        if isinstance(outcome, Refused):
            reason = f"the MIS accepted {asked.wanted.code} and refused it afterwards: {outcome.reason}"
            self.moves.settle(asked, State.REFUSED, reason)
        elif isinstance(outcome, Accepted) and self._recomputes:
            # Only now is it in the register, and only from now on can it be derived away.
            reason = f"the MIS says of {asked.effect.receipt} that {asked.wanted.code} is written"
            self.moves.settle(asked, State.ACCEPTED, reason, NO_REFERENCE)
        elif held == asked.wanted.code:
            self._shown(asked, outcome)
        elif held != asked.wanted.subject.code:
            reason = f"the MIS shows {in_words(held)}, neither {asked.wanted.code} nor what the rule saw"
            self.moves.settle(asked, State.CONFLICTED, reason)
        elif self._was_derived_away(asked):
            minutes = int(self.patience.second_look.total_seconds() // 60)
            reason = (
                f"the MIS accepted {asked.wanted.code} and shows {in_words(held)} again {minutes} minutes later: it "
                f"works this mark out from its other registers, so it is not written a second time"
            )
            self.moves.settle(asked, State.CONFLICTED, reason)

    def _shown(self, asked: Asked, outcome: Accepted | None) -> None:
        code = asked.wanted.code
        if asked.effect.state is State.UNKNOWN:
            reason = f"the answer was lost, and the MIS shows {code}"
            self.moves.settle(asked, State.ACCEPTED if self._recomputes else State.VERIFIED, reason, NO_REFERENCE)
        elif self._is_polled(asked) and outcome is None:
            return  # what it shows may be no more than our own request
        elif not self._recomputes:
            self.moves.settle(asked, State.VERIFIED, f"the MIS shows {code}")
        elif self._is_past(asked, self.patience.second_look):
            self.moves.settle(asked, State.VERIFIED, f"the MIS shows {code}, and showed it still at a second look")

    def _was_derived_away(self, asked: Asked) -> bool:
        """Whether it was in the register and is gone. What never came to its outcome may never have been there."""
        effect = asked.effect
        has_landed = effect.receipt == NO_REFERENCE or not isinstance(self.adapter, ConfirmsLater)
        looked_twice = self._is_past(asked, self.patience.second_look)
        return effect.state is State.ACCEPTED and self._recomputes and looked_twice and has_landed

    @property
    def _recomputes(self) -> bool:
        return isinstance(self.adapter, Recomputes) and self.adapter.recomputes

    def _is_past(self, asked: Asked, time: timedelta) -> bool:
        return asked.effect.has_stood(time, self.moves.clock())
