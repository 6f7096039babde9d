"""Runs the engine over past days as they were known then, and says what would have been asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from mbls_sync.engine.apply import judge
from mbls_sync.engine.inherited import already_called_for, eve_of
from mbls_sync.engine.replayed import Asked, Look, look
from mbls_sync.engine.resolve import resolve
from mbls_sync.errors import ParameterError
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.pipeline.parts import PassInputs
from mbls_sync.pipeline.past import Past
from mbls_sync.pipeline.world import build_world
from mbls_sync.policy.load import load_parameter, parameter_files
from mbls_sync.policy.view import Parameter
from mbls_sync.store.transaction import Tx

LOOKS = "replay.looks"
"""The times of a school day at which a replay looks."""


def moments(calendar: SchoolCalendar, first: date, last: date, looks: Sequence[time]) -> tuple[datetime, ...]:
    """The moments of a replay: each look of each school day from `first` to `last`, and one on the day before.

    The first of them says what stood already, so that it is not counted as asked for in the time replayed.
    """
    days = [day for day in calendar.school_days if first <= day <= last]
    before = [day for day in calendar.school_days if day < first][-1:]
    wanted = [(day, max(looks)) for day in before] + [(day, at) for day in days for at in sorted(looks)]
    return tuple(datetime.combine(day, at, tzinfo=calendar.zone) for day, at in wanted)


def looks_in_force(text: str, name: str = LOOKS) -> tuple[time, ...]:
    """Times of day with blanks between them. Raises ParameterError for what is none."""
    try:
        found = tuple(time.fromisoformat(word) for word in text.split())
    except ValueError:
        found = ()
    if not found:
        raise ParameterError(f"{name} is {text!r}; write times such as 09:16, with blanks between them")
    return found


def changed_policy(now: Mapping[str, Parameter], folder: Path) -> Mapping[str, Parameter]:
    """The policy with the parameter files of `folder` in place of those of the same name.

    The folder is a school's config, its `parameters`, or holds only the files that differ. Raises ParameterError
    where it holds none, or one that no rule could read.
    """
    root = next((f for f in (folder / "policy" / "parameters", folder / "parameters") if f.is_dir()), folder)
    changed = {name: load_parameter(file, name) for name, file in parameter_files(root)}
    if not changed:
        raise ParameterError("holds no parameter; put the files that differ into it, as <topic>/<name>.yaml", file=root)
    unknown = sorted(changed.keys() - now.keys())
    if unknown:
        file = changed[unknown[0]].file
        raise ParameterError(f"{unknown[0]} is no parameter that a rule reads; correct its path", file=file)
    return {**now, **changed}


def differing(now: Mapping[str, Parameter], other: Mapping[str, Parameter]) -> tuple[str, ...]:
    """The names of the parameters whose values differ."""
    return tuple(sorted(name for name in other if _values(now[name]) != _values(other[name])))


def inherited(tx: Tx, given: PassInputs) -> frozenset[str]:
    """What was called for when the school went live, under the policy given; none of it is asked for anew."""
    if given.go_live is None:
        return frozenset()
    eve = eve_of(given.go_live, given.calendar.zone)
    return already_called_for(build_world(tx, given, eve, at=eve), given.registry.rules, _nameless)


def replay(tx: Tx, given: PassInputs, when: Sequence[datetime], *, carried_out: bool = False) -> Iterator[Look]:
    """What the rules ask for at each moment, in order, by what was known then.

    Steps count as they were recorded. With `carried_out` also those that nobody recorded: a letter, a meeting or a
    referral that is asked for, and still is when it falls due, is taken to have been done then. What a telephone
    call or a visit would have come to is not guessed.
    """
    if not when:
        return
    past, left_out = Past(tx, given, when[0], when[-1]), inherited(tx, given)
    office = _Office()
    for moment in when:
        steps = office.done_by(moment) if carried_out else ()
        world = past.world(moment, steps)
        seen = look(moment, resolve(judge(world, given.registry.rules, _nameless), world).judged, left_out)
        if carried_out:
            office.asked(seen.asked)
        yield seen


def roll_of(tx: Tx, given: PassInputs, moment: datetime) -> tuple[Pupil, ...]:
    """Who was on roll at a moment, as known then."""
    return build_world(tx, given, moment, at=moment).on_roll


class _Office:
    """An office that does what it is asked for, when it falls due and not before."""

    def __init__(self) -> None:
        self._due: dict[str, Event] = {}
        self._done: dict[str, Event] = {}

    def asked(self, asked: Iterable[Asked]) -> None:
        """Take up what is asked for now; let go what no longer is."""
        wanted = {one.key: one.step for one in asked if one.step is not None}
        self._due = {
            key: replace(self._due.get(key, step), ref=key) for key, step in wanted.items() if key not in self._done
        }

    def done_by(self, moment: datetime) -> tuple[Event, ...]:
        """Every step that was taken by then."""
        self._done |= {key: step for key, step in self._due.items() if step.at <= moment}
        return tuple(self._done.values())


def _nameless(_: PupilId) -> str:
    return "a pupil"


def _values(parameter: Parameter) -> list[tuple[date, object]]:
    return [(value.since, value.value) for value in parameter.values]
