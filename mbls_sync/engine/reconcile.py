"""Compares what should be open now with what is open: opens, keeps, updates, verifies, withdraws, reopens.

Level-triggered: nothing here remembers a pass. What a rule no longer asks for is withdrawn with the reason
in words, and opened again when it asks again; what a person did, or a mark shows, is verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mbls_sync.engine.apply import Round
from mbls_sync.engine.dead_letters import FOLLOWED_UP, confirm_within
from mbls_sync.engine.keys import kind_of
from mbls_sync.engine.reasons import session_of, why_not
from mbls_sync.engine.steps import DISCARDED, REOPENED, Steps
from mbls_sync.engine.world import World
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.decisions import Decision
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.proposals import AddToSheet, IncludeInReturn, SetCode

CARRY_OVER = "cases.carry_over"


class What(StrEnum):
    """What becomes of an effect."""

    OPEN = "open"
    KEEP = "keep"
    UPDATE = "update"
    VERIFY = "verify"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Change:
    """One effect as it should now stand, what that is called, and why. `before` is the state it is in."""

    what: What
    effect: Effect
    reason: str
    before: State | None


def reconcile(
    round: Round, effects: Sequence[Effect], world: World, inherited: frozenset[str] = frozenset()
) -> tuple[Change, ...]:
    """What must change so that what is open is what should be, in order of key.

    `effects` are the open ones, and the closed ones whose keys are asked for. Those of a rule that was not
    asked, or failed on that pupil, are left alone. `inherited` are the keys that were called for at go-live.
    """
    pass_ = _Pass(world, round, Steps(world.events, world.calendar.zone), inherited)
    known = {effect.key: effect for effect in effects}
    asked = {decision.key: decision for decision in round.judged.decisions}
    changes = [pass_.asked_for(asked[key], known.get(key)) for key in sorted(asked)]
    silent = [known[key] for key in sorted(known) if key not in asked and known[key].state.is_open]
    return tuple(sorted((*changes, *map(pass_.not_asked_for, silent)), key=lambda change: change.effect.key))


@dataclass(frozen=True)
class _Pass:
    world: World
    round: Round
    steps: Steps
    inherited: frozenset[str]

    def asked_for(self, decision: Decision, effect: Effect | None) -> Change:
        """What becomes of a decision."""
        if effect is None:
            return self._open(decision)
        last = self.steps.last(effect)
        if effect.state.is_open:
            if last is not None and last.kind != REOPENED:
                return self._closed(effect, last.kind)
            return self._still(decision, effect)
        if last is not None and last.kind == DISCARDED:
            return _keep(effect)
        if effect.state is State.VERIFIED:
            taken_up = last is not None and last.kind == REOPENED and last.at >= effect.changed_at
            return self._again(decision, effect, "taken up again") if taken_up else self._done(decision, effect)
        if effect.state is State.WITHDRAWN:
            return self._again(decision, effect, f"{decision.because.rule} asks for it again")
        return self._stuck(decision, effect)

    def not_asked_for(self, effect: Effect) -> Change:
        """What becomes of an open effect that no rule asks for."""
        last = self.steps.last(effect) or self.steps.recorded_since(effect)
        if last is not None and last.kind != REOPENED:
            return self._closed(effect, last.kind)
        if effect.kind is Kind.MARK and (shown := self._shown(effect)) is not None:
            return shown
        if not self.round.has_spoken(effect.because.rule, effect.pupil) or self._stands(effect):
            return self._snoozed(effect)
        return self._change(What.WITHDRAW, effect, State.WITHDRAWN, why_not(effect, self.world))

    def _open(self, decision: Decision) -> Change:
        before = self._is_inherited(decision)
        reason = f"already so at go-live on {self.world.go_live}" if before else f"asked for by {decision.because.rule}"
        effect = Effect(
            key=decision.key,
            kind=kind_of(decision.proposal),
            state=State.INHERITED if before else State.PLANNED,
            pupil=decision.pupil,
            proposal=decision.proposal,
            because=decision.because,
            opened_at=self.world.now,
            changed_at=self.world.now,
            reason=reason,
        )
        last = self.steps.last(effect)
        if last is not None and last.kind != REOPENED:
            # A rebuilt store finds done what was done before it was lost.
            effect = self._closed(effect, last.kind).effect
        effect = replace(effect, snoozed_until=self.steps.snoozed_until(effect))
        return Change(What.OPEN, effect, effect.reason, None)

    def _still(self, decision: Decision, effect: Effect) -> Change:
        if effect.state not in (State.PLANNED, State.APPROVED, State.INHERITED):
            return _keep(effect)
        if (decision.proposal, decision.because) == (effect.proposal, effect.because):
            return self._snoozed(effect)
        fresh = _with(effect, decision)
        if effect.state is State.APPROVED and _approves(effect) != _approves(fresh):
            reason = "it was approved for another mark or by another rule; it waits to be approved as it is now"
            return self._change(What.UPDATE, fresh, State.PLANNED, reason)
        return self._change(What.UPDATE, fresh, effect.state, effect.reason)

    def _done(self, decision: Decision, effect: Effect) -> Change:
        """A verified effect that is asked for all the same: done is done, except where the world moved."""
        if effect.kind is Kind.SHEET_ROW and decision.proposal != effect.proposal:
            return self._again(decision, effect, "what the sheet should say has changed", What.UPDATE)
        if effect.kind is Kind.MARK and self._pulled_since(effect):
            reason = "the mark was changed back in the MIS after it had been set; a person's mark stands"
            return self._change(What.CONFLICT, _with(effect, decision), State.CONFLICTED, reason)
        return _keep(effect)

    def _stuck(self, decision: Decision, effect: Effect) -> Change:
        """A conflicted or refused mark waits for a person, unless the register shows another mark by now."""
        seen, now = _seen(effect.proposal), _seen(decision.proposal)
        # What the MIS took and gave up again is not written a second time by itself: two programs would take turns.
        if seen == now or (effect.state is State.CONFLICTED and effect.receipt):
            return _keep(effect)
        return self._again(decision, effect, f"the mark is now {now or 'blank'} and was judged anew")

    def _again(self, decision: Decision, effect: Effect, reason: str, what: What = What.REOPEN) -> Change:
        inherited = self._is_inherited(decision)
        fresh = replace(_with(effect, decision), opened_at=self.world.now, snoozed_until=None, receipt="")
        fresh = replace(fresh, snoozed_until=self.steps.snoozed_until(fresh))
        return self._change(what, fresh, State.INHERITED if inherited else State.PLANNED, reason, effect.state)

    def _is_inherited(self, decision: Decision) -> bool:
        """Whether this was so before going live: then, or about a session before it, whatever its clock says since."""
        go_live, about = self.world.go_live, session_of(decision.proposal)
        if go_live is None:
            return False
        old = about is not None and about[1].day < go_live
        # A line of a list that is always kept (a class, a group) is no backlog: it would never be seen again.
        was_so = decision.key in self.inherited and not isinstance(decision.proposal, AddToSheet)
        return old or was_so or self.world.today < go_live

    def _closed(self, effect: Effect, kind: str) -> Change:
        if kind == DISCARDED:
            return self._change(What.WITHDRAW, effect, State.WITHDRAWN, "discarded by a person")
        return self._change(What.VERIFY, effect, State.VERIFIED, f"{kind} was recorded")

    def _shown(self, effect: Effect) -> Change | None:
        """What the register says of a mark that is on its way, where it says anything."""
        wanted = effect.proposal
        if not isinstance(wanted, SetCode):
            return None
        code = self.world.code(wanted.subject.pupil, wanted.subject.session)
        if code == wanted.code and not self._is_followed_up(effect):
            return self._change(What.VERIFY, effect, State.VERIFIED, f"the register shows {code}")
        if effect.state in (State.SENDING, State.UNKNOWN) or code == wanted.code:
            return _keep(effect)
        if effect.state is State.ACCEPTED:
            if code == wanted.subject.code or not self._pulled_since(effect):
                return _keep(effect)
            reason = f"the MIS accepted {wanted.code} and now shows {code or 'no mark'}"
            return self._change(What.CONFLICT, effect, State.CONFLICTED, reason)
        return None

    def _is_followed_up(self, effect: Effect) -> bool:
        """Whether a written mark is still looked at in the MIS itself, which may yet derive it away."""
        followed = effect.state in (State.SENDING, *FOLLOWED_UP)
        return followed and not effect.has_stood(confirm_within(self.world.policy()), self.world.now)

    def _stands(self, effect: Effect) -> bool:
        """Whether an effect stays although nothing asks for it any more.

        A row of a sheet is a record. A line of a return whose day has come is in the hands of a person, unless it
        was judged once more as of that day: the LA must not be told of what is not so. A case of an earlier academic
        year never closes by the turn of the year alone.
        """
        if effect.kind is Kind.SHEET_ROW:
            return True
        if isinstance(effect.proposal, IncludeInReturn) and effect.proposal.due < self.world.today:
            return effect.key not in self.round.looked_at
        return _year_of(effect) < self._year and self._carries_over and not self._has_left(effect)

    @property
    def _year(self) -> AcademicYear:
        return self.world.year

    @property
    def _carries_over(self) -> bool:
        policy = self.world.policy()
        return not policy.is_in_force(CARRY_OVER) or policy.flag(CARRY_OVER)

    def _has_left(self, effect: Effect) -> bool:
        pupil = self.world.pupils.get(effect.pupil) if effect.pupil else None
        return pupil is not None and not pupil.on_roll(self.world.today)

    def _pulled_since(self, effect: Effect) -> bool:
        return self.world.pulled_at is not None and self.world.pulled_at > effect.changed_at

    def _snoozed(self, effect: Effect) -> Change:
        until = self.steps.snoozed_until(effect)
        if until == effect.snoozed_until:
            return _keep(effect)
        reason = f"put off until {until:%d %B %Y %H:%M}" if until else "no longer put off"
        return self._change(What.UPDATE, replace(effect, snoozed_until=until), effect.state, reason)

    def _change(self, what: What, effect: Effect, to: State, reason: str, before: State | None = None) -> Change:
        fresh = replace(effect, state=to, reason=reason, changed_at=self.world.now)
        return Change(what, fresh, reason, before or effect.state)


def _keep(effect: Effect) -> Change:
    return Change(What.KEEP, effect, effect.reason, effect.state)


def _with(effect: Effect, decision: Decision) -> Effect:
    return replace(effect, proposal=decision.proposal, because=decision.because)


def _seen(proposal: object) -> str | None:
    return proposal.subject.code if isinstance(proposal, SetCode) else None


def _approves(effect: Effect) -> tuple[object, ...]:
    """What a person who approves it has looked at: the old mark, the new one, its minutes, and the rule."""
    wanted = effect.proposal
    minutes = wanted.minutes_late if isinstance(wanted, SetCode) else None
    return _seen(wanted), minutes, effect.because.rule


def _year_of(effect: Effect) -> AcademicYear:
    """The academic year an effect belongs to: that of its session, else of its opening."""
    about = session_of(effect.proposal)
    return AcademicYear.of(about[1].day if about else effect.opened_at.date())
