"""What a late line of a return tells, judged once more: as of the day it was due, by the marks as they are now.

No rule asks any longer for a line whose day is past, and its silence says nothing. So the rule that made it is asked
about that day. What it asks for still is brought up to date; what it asks for no more, since marks were
amended, is nobody's to send.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from mbls_sync.engine.apply import Pseudonym, Round, Rule, Rules, judge
from mbls_sync.engine.world import World
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.decisions import Decision
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.proposals import IncludeInReturn

UNSENT = (State.PLANNED, State.APPROVED)


def late_lines_judged(
    found: Round, effects: Iterable[Effect], world: World, rules: Rules, pseudonym: Pseudonym
) -> Round:
    """The round with what the rules ask for of each late line among `effects`, and which of these they looked at."""
    asked = {decision.key: decision for decision in found.judged.decisions}
    by_day: dict[date, list[Effect]] = {}
    for effect in effects:
        line = effect.proposal
        if isinstance(line, IncludeInReturn) and effect.key not in asked and _is_late(effect, line, world):
            by_day.setdefault(line.due, []).append(effect)
    looked_at: set[str] = set()
    for day in sorted(by_day):
        then = _as_of(day, by_day[day], world, rules, pseudonym)
        mine = [effect for effect in by_day[day] if then.has_spoken(effect.because.rule, effect.pupil)]
        looked_at |= {effect.key for effect in mine}
        asked |= {decision.key: decision for effect in mine for decision in _still(effect, then, asked)}
    judged = replace(found.judged, decisions=tuple(asked[key] for key in sorted(asked)))
    return replace(found, judged=judged, looked_at=frozenset(looked_at))


def _is_late(effect: Effect, line: IncludeInReturn, world: World) -> bool:
    unsent = effect.kind is Kind.RETURN_LINE and effect.state in UNSENT
    # Of whom or of what year nothing is known, nothing can be judged: that stays in the hands of a person.
    known = line.pupil in world.pupils and AcademicYear.of(line.due) in world.registers
    return unsent and known and line.due < world.today


def _as_of(day: date, effects: Sequence[Effect], world: World, rules: Rules, pseudonym: Pseudonym) -> Round:
    about = {effect.pupil for effect in effects}
    ids = {effect.because.rule for effect in effects}
    end = datetime.combine(day, time.max, tzinfo=world.calendar.zone)
    # Whoever the lines are not about is left out: such a rule asks about each pupil alone.
    then = replace(world, now=end, roll=tuple(pupil for pupil in world.roll if pupil.id in about))

    def mine(hook: str) -> list[Rule]:
        return [rule for rule in rules(hook) if rule.info.id in ids]

    return judge(then, mine, pseudonym)


def _still(effect: Effect, then: Round, asked: Mapping[str, Decision]) -> list[Decision]:
    """The same line as it stood on its day; else another about the same days, where today's round has none."""
    alike = [decision for decision in then.judged.decisions if _is_alike(effect, decision)]
    same = [decision for decision in alike if decision.key == effect.key]
    known = any(_is_alike(effect, decision) for decision in asked.values())
    return same or ([] if known else alike)


def _is_alike(effect: Effect, decision: Decision) -> bool:
    """Whether a decision is about the same pupil in the same return, and shares a day with the line.

    By its days and not by its first mark: amended marks move where an absence begins and do not make it another.
    """
    if decision.key == effect.key:
        return True
    line, other = effect.proposal, decision.proposal
    return isinstance(line, IncludeInReturn) and isinstance(other, IncludeInReturn) and _meet(line, other)


def _meet(line: IncludeInReturn, other: IncludeInReturn) -> bool:
    if (line.name, line.pupil) != (other.name, other.pupil):
        return False
    if line.first is None or line.last is None or other.first is None or other.last is None:
        return False
    return line.first <= other.last and other.first <= line.last
