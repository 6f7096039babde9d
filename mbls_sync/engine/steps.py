"""What people have recorded about effects: done, sent, put off, taken up again, discarded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from mbls_sync.model.deliveries import Effect
from mbls_sync.model.happenings import Event
from mbls_sync.model.proposals import IncludeInReturn, recorded_as

DONE = "task-done"
SNOOZED = "task-snoozed"
REOPENED = "task-reopened"
DISCARDED = "effect-discarded"
RETURN_SENT, LINE_SENT = "return-sent", "return-line-sent"

SHORTEST_REF = 6
"""Fewer characters of a key than this name nothing: a person copies the short id from a printed list."""


@dataclass(frozen=True)
class Steps:
    """The events that are about effects. `ref` of an event is an effect's key, or its first characters."""

    events: tuple[Event, ...]
    zone: ZoneInfo

    def last(self, effect: Effect) -> Event | None:
        """The latest step about the effect that closes it or takes it up again."""
        kinds = {DONE, REOPENED, DISCARDED, *filter(None, (_done_as(effect),))}
        found = [event for event in self._about(effect) if event.kind in kinds]
        return found[-1] if found else None

    def recorded_since(self, effect: Effect) -> Event | None:
        """The first event of the kind that doing the task records, about its pupil, since it was opened.

        A person who writes the step into the case chronology names no task.
        """
        wanted = _done_as(effect)
        if not wanted:
            return None
        events = self._by_pupil.get(effect.pupil or "", ())
        return next((e for e in events if e.kind == wanted and not e.ref and e.at >= effect.opened_at), None)

    def snoozed_until(self, effect: Effect) -> datetime | None:
        """Until when the effect is put off: what the latest such event says as its outcome, unless taken up since."""
        found = [event for event in self._about(effect) if event.kind in (SNOOZED, REOPENED)]
        if not found:
            return effect.snoozed_until
        return _moment(found[-1].outcome, self.zone) if found[-1].kind == SNOOZED else None

    def _about(self, effect: Effect) -> list[Event]:
        found = [*self._by_ref.get(effect.key, ())]
        found += (e for ref, these in self._short.items() if effect.key.startswith(ref) for e in these)
        if isinstance(effect.proposal, IncludeInReturn):
            found += self._sent(f"{effect.proposal.name} {effect.proposal.period}", effect.pupil)
        return sorted(found, key=lambda event: event.at)

    def _sent(self, ref: str, pupil: str | None) -> list[Event]:
        """The sendings of a return that told of the pupil: where each pupil has an event, the others are not told."""
        lines = self._lines.get(ref)
        if lines is None:
            return self._returns.get(ref, [])
        told = {event.at for event in lines if event.pupil == pupil}
        return [event for event in self._returns.get(ref, ()) if event.at in told]

    @cached_property
    def _lines(self) -> Mapping[str, list[Event]]:
        return _grouped((event.ref, event) for event in self.events if event.kind == LINE_SENT)

    @cached_property
    def _by_ref(self) -> Mapping[str, list[Event]]:
        return _grouped((event.ref, event) for event in self.events if event.ref)

    @cached_property
    def _short(self) -> Mapping[str, list[Event]]:
        kinds = {DONE, SNOOZED, REOPENED, DISCARDED}
        return {
            ref: events
            for ref, events in self._by_ref.items()
            if SHORTEST_REF <= len(ref) < 64 and any(event.kind in kinds for event in events)
        }

    @cached_property
    def _by_pupil(self) -> Mapping[str, list[Event]]:
        """The events of each pupil; the school's own under an empty text."""
        return _grouped((event.pupil or "", event) for event in self.events)

    @cached_property
    def _returns(self) -> Mapping[str, list[Event]]:
        return _grouped((event.ref, event) for event in self.events if event.kind == RETURN_SENT)


def _done_as(effect: Effect) -> str:
    return RETURN_SENT if isinstance(effect.proposal, IncludeInReturn) else recorded_as(effect.proposal)


def _grouped(pairs: Iterable[tuple[str, Event]]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for name, event in pairs:
        found.setdefault(name, []).append(event)
    return found


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """A date or a date and time as an event holds it; None where it is neither, so nothing is put off by a slip."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)
