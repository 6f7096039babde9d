"""Letters that wait for a task: what a person must look at first stands before the letter, never beside it."""

from __future__ import annotations

from collections.abc import Sequence

from mbls_sync.model.decisions import Decision
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import DraftLetter, RaiseTask


def held(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions without the letters that a task holds back, and without the tasks that hold back nothing.

    A task holds back every letter about its pupil but praise, answers to home and what every family is told. Once
    it is done, its rule falls silent, and the letter is drafted in the next pass.
    """
    holders = {d.pupil for d in decisions if isinstance(d.proposal, RaiseTask) and d.proposal.holds_letters}
    waiting = {d.pupil for d in decisions if _may_wait(d) and d.pupil in holders}
    return [d for d in decisions if not ((_may_wait(d) and d.pupil in waiting) or _holds_nothing(d, waiting))]


def _may_wait(decision: Decision) -> bool:
    letter = decision.proposal
    return isinstance(letter, DraftLetter) and letter.pupil is not None and not _waits_for_nothing(letter)


def _waits_for_nothing(letter: DraftLetter) -> bool:
    return letter.is_praise or letter.answers or letter.to_all


def _holds_nothing(decision: Decision, waiting: set[PupilId | None]) -> bool:
    task = decision.proposal
    return isinstance(task, RaiseTask) and task.holds_letters and decision.pupil not in waiting
