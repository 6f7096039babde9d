"""Follows up, clears and sends the marks of one pass, to the one source that the marks are taken from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mbls_sync.contracts import ReadsBack, Resource, TakesMarks
from mbls_sync.delivery.clearance import cleared_to_send, codes_not_taken, is_quiet
from mbls_sync.delivery.follow_up import Patience
from mbls_sync.delivery.mark_moves import MarksReport, Moves
from mbls_sync.delivery.marks import MarkDesk
from mbls_sync.engine.dead_letters import confirm_within
from mbls_sync.engine.limits import CODES, Hold, codes_to_write, on_old_days, over_cap, replaceable_codes
from mbls_sync.engine.moments import open_registers
from mbls_sync.engine.world import World
from mbls_sync.errors import MisError
from mbls_sync.intake.pull import owners
from mbls_sync.model.codes import Code
from mbls_sync.model.deliveries import Effect, Kind, Mode, State
from mbls_sync.pipeline.outages import note_failure, worth_asking
from mbls_sync.pipeline.parts import PassInputs, Source, Tally
from mbls_sync.pipeline.plan import Plan
from mbls_sync.policy.view import PolicyAt
from mbls_sync.store import outbox
from mbls_sync.store.transaction import Tx

SENT = (State.SENDING, State.ACCEPTED, State.VERIFIED, State.REFUSED, State.UNKNOWN)
"""What a mark is once it was sent; one that was found conflicted was mostly not."""


def follow_up(given: PassInputs, tally: Tally) -> None:
    """Ask the MIS about every mark that is on its way, before anything is judged."""
    source = _writer(given)
    if source is not None and worth_asking(given, source.name, given.now()):
        # Reading back writes nothing: before anything is planned, nothing may be replaced.
        desk = _desk(given, source, lambda _: frozenset())
        _count(given, source, desk.read_back(), tally)


def deliver_marks(given: PassInputs, made: Plan, tally: Tally) -> tuple[Hold, ...]:
    """Send what the mode lets out and nothing holds back; what is held waits for a person, and is returned."""
    source = _writer(given)
    if source is None or given.mode is Mode.SHADOW or _is_no_time_to_write(made.world):
        return ()
    if not worth_asking(given, source.name, given.now()):
        return ()
    with given.store.read() as tx:
        cleared = cleared_to_send(outbox.load(tx, only_open=True), given.mode, made.mode_since)
        written = _written_today(tx, made.world)
    if not cleared:
        return ()
    sending = _Sending(given, made.world, source, written, tally)
    holds = tuple(sending.holds(cleared))
    held = {key for hold in holds for key in hold.keys}
    tally.add(waiting=len(held))
    desk = _desk(given, source, lambda day: replaceable_codes(made.world, day))
    _count(given, source, desk.send([effect for effect in cleared if effect.key not in held]), tally)
    return holds


@dataclass(frozen=True)
class _Sending:
    given: PassInputs
    world: World
    source: Source
    written_today: int
    tally: Tally

    def holds(self, cleared: Sequence[Effect]) -> Iterator[Hold]:
        """Everything that keeps marks back. What a person approved is held by nothing but the MIS itself."""
        if (untaken := self._codes(cleared)) is not None:
            yield untaken
            return
        unseen = [effect for effect in cleared if effect.state is State.PLANNED]
        old = on_old_days(self.world, unseen)
        aside = set(old.keys) if old else set()
        over = over_cap(self.world, [effect for effect in unseen if effect.key not in aside], self.written_today)
        yield from (hold for hold in (old, over) if hold is not None)

    def _codes(self, cleared: Sequence[Effect]) -> Hold | None:
        keys = tuple(sorted(effect.key for effect in cleared))
        try:
            found = codes_not_taken(self.source.adapter, codes_to_write(self.world, cleared))
        except MisError as error:
            note_failure(self.given, self.source.name, error, self.tally)
            return Hold(CODES, f"the MIS could not be asked which codes it takes ({error})", keys)
        return Hold(CODES, found, keys) if found else None


def _written_today(tx: Tx, world: World) -> int:
    """How many marks were sent to the MIS since midnight, whatever came of them and whoever let them out."""
    midnight = datetime.combine(world.today, time.min, tzinfo=world.calendar.zone)
    return sum(1 for effect in outbox.load(tx, since=midnight, states=SENT) if effect.kind is Kind.MARK)


def _writer(given: PassInputs) -> Source | None:
    """The source of the marks, where it takes marks too, with the safety of being asked first."""
    owned = owners({source.name: source.resources for source in given.sources})
    holds_marks = (source for source in given.sources if Resource.MARKS in owned[source.name])
    able = (s for s in holds_marks if isinstance(s.adapter, TakesMarks) and isinstance(s.adapter, ReadsBack))
    return next(able, None)


def _desk(given: PassInputs, source: Source, replaceable: Callable[[date], frozenset[Code]]) -> MarkDesk:
    moves = Moves(given.store, given.now, given.fence)
    return MarkDesk(source.adapter, replaceable, _patience(given.policy(given.now())), moves)


def _patience(policy: PolicyAt) -> Patience:
    return Patience(confirm_within(policy), timedelta(minutes=policy.count("write.second_look")))


def _is_no_time_to_write(world: World) -> bool:
    policy = world.policy()
    waits_for_registers = policy.flag("write.quiet_while_registers_open")
    return is_quiet(policy, world.now) or (waits_for_registers and bool(open_registers(world)))


def _count(given: PassInputs, source: Source, report: MarksReport, tally: Tally) -> None:
    for name in ("written", "verified", "conflicted", "refused", "unknown"):
        tally.add(**{name: getattr(report, name)})
    if report.error is not None:
        note_failure(given, source.name, report.error, tally, doing="writing marks stopped: ")
