"""The letters that lie on the desk: those that rules ask for, and those that may be sent with a task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.files import draft_stem
from mbls_sync.model.deliveries import Effect, Kind
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import DraftLetter, Facts, RaiseTask


@dataclass(frozen=True, slots=True)
class Draft:
    """One letter to write. `stem` names its files; `facts` are those of each of `pupils`, or one without any.

    `to_all`: every family is sent it alike.
    """

    template: str
    stem: str
    pupils: tuple[PupilId, ...]
    facts: tuple[Facts, ...]
    role: str
    why: str
    due: datetime
    to_all: bool = False


def drafts_of(desk: Desk) -> tuple[Draft, ...]:
    """Every draft, in the order of the effects' keys; brothers and sisters are in one where the rule allows it.

    What is put off has none until it comes back: nobody sends by mistake what was agreed to wait.
    """
    letters: dict[str, list[Effect]] = {}
    waiting = [effect for effect in desk.to_do(Kind.LETTER, Kind.TASK) if not effect.is_put_off(desk.now)]
    for effect in waiting:
        if effect.kind is Kind.LETTER:
            letters.setdefault(desk.told_with.get(effect.key, effect.key), []).append(effect)
    made = [_letter(group, desk) for group in letters.values()]
    return (*made, *(draft for effect in waiting for draft in _with_task(effect, desk)))


def _letter(group: Sequence[Effect], desk: Desk) -> Draft:
    first, *_ = found = [effect.proposal for effect in group if isinstance(effect.proposal, DraftLetter)]
    return Draft(
        template=first.template,
        stem=draft_stem(first.template, desk.short_ids[group[0].key]),
        pupils=tuple(letter.pupil for letter in found if letter.pupil is not None),
        facts=tuple(letter.facts for letter in found),
        role=first.role,
        why=" ".join(dict.fromkeys(letter.why for letter in found)),
        due=first.due,
        to_all=first.to_all,
    )


def _with_task(effect: Effect, desk: Desk) -> Iterator[Draft]:
    task = effect.proposal
    if not isinstance(task, RaiseTask):
        return
    pupils = () if task.pupil is None else (task.pupil,)
    for template in task.drafts:
        stem = draft_stem(template, desk.short_ids[effect.key])
        yield Draft(template, stem, pupils, (task.facts,), task.role, task.why, task.due)
