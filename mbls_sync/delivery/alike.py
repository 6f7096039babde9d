"""Which tasks of the list stand under one heading, and may be settled in one go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mbls_sync.delivery.desk import TO_DO
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.proposals import DraftLetter, RaiseTask, Rank


def alike(effect: Effect, effects: Iterable[Effect], now: datetime) -> tuple[Effect, ...]:
    """`effect` and those that stand under the same heading beside it: of its rule, with its words, as due as it is.

    What is put off, and what the triage list holds where `effect` is not on it, is not among them. Raises
    ConfigurationError for what is settled by talking to each home: a hundred calls are not made in one go.
    """
    title = _title(effect)
    if title is None:
        raise ConfigurationError(
            "each of these is settled by itself, with its own outcome; leave --alike out, and name its id"
        )

    def stands_beside(other: Effect) -> bool:
        return (
            (other.because.rule, _title(other)) == (effect.because.rule, title)
            and (other.state in TO_DO) == (effect.state in TO_DO)
            and other.state.is_open
            and not other.is_put_off(now)
            and _is_due(other, now) == _is_due(effect, now)
        )

    beside = [other for other in effects if other.key != effect.key and stands_beside(other)]
    return (effect, *sorted(beside, key=lambda other: other.key))


def _title(effect: Effect) -> str | None:
    """What stands over it in the list; None where it stands on a card of its own."""
    match effect.proposal:
        case DraftLetter() as letter:
            return letter.title
        case RaiseTask() as task if task.rank in (Rank.CLOCK, Rank.CONTACTS) and not task.outcomes:
            return task.title
        case _:
            return None


def _is_due(effect: Effect, now: datetime) -> bool:
    due = effect.proposal.due if isinstance(effect.proposal, RaiseTask | DraftLetter) else now
    return due.astimezone(now.tzinfo).date() <= now.date()
