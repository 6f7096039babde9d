"""What a run of past days came to: everything asked for, once each, by sort, stage and month, and of whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from mbls_sync.model.decisions import Decision, Judged
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import DraftLetter, IncludeInReturn, OpenReferral, Proposal, RaiseTask, SetCode

INVITED, VISITED, CALLED = "-invited", "home-visit", "call-"
"""How the kinds of events read that say what a task or letter was about; config/events.yaml lists them."""


class Sort(StrEnum):
    """What something asked for means to the office and to a family."""

    CALL = "call"
    LETTER = "letter"
    MEETING = "meeting"
    VISIT = "visit"
    REFERRAL = "referral"
    TASK = "task"
    MARK = "mark"
    RETURN_LINE = "return line"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that was asked for: by which rule, of whom, when first and when last."""

    key: str
    sort: Sort
    rule: str
    pupil: PupilId | None
    title: str
    first: datetime
    last: datetime
    step: Event | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """All that the rules asked for at one moment, sheets aside; `failed` are the rules that could not judge."""

    at: datetime
    asked: tuple[Asked, ...]
    failed: frozenset[str] = frozenset()


def look(at: datetime, judged: Judged, left_out: frozenset[str] = frozenset()) -> Look:
    """One moment's decisions as what they ask of people, without those of the keys `left_out`."""
    wanted = ((d, sort_of(d.proposal)) for d in judged.decisions if d.key not in left_out)
    asked = tuple(_asked(at, decision, sort) for decision, sort in wanted if sort is not None)
    return Look(at, asked, frozenset(failure.rule for failure in judged.failures))


def sort_of(proposal: Proposal) -> Sort | None:
    """What a proposal means to the office; None for a row of a sheet, which asks nothing of anybody."""
    match proposal:
        case SetCode():
            return Sort.MARK
        case IncludeInReturn():
            return Sort.RETURN_LINE
        case OpenReferral():
            return Sort.REFERRAL
        case DraftLetter(sent_as=kind):
            return Sort.MEETING if kind.endswith(INVITED) else Sort.LETTER
        case RaiseTask(done_as=kind):
            if kind == VISITED:
                return Sort.VISIT
            if kind.endswith(INVITED):
                return Sort.MEETING
            return Sort.CALL if kind.startswith(CALLED) else Sort.TASK
    return None


def gathered(looks: Iterable[Look]) -> tuple[Asked, ...]:
    """Everything that was asked for, once each, in order of when it was first."""
    found: dict[str, Asked] = {}
    for one in looks:
        for asked in one.asked:
            known = found.get(asked.key)
            found[asked.key] = asked if known is None else replace(known, last=one.at)
    return tuple(sorted(found.values(), key=lambda asked: (asked.first, asked.rule, asked.key)))


def opened(asked: Sequence[Asked], first: date) -> tuple[Asked, ...]:
    """Those that were first asked for on `first` or later; what stood before was opened before."""
    return tuple(one for one in asked if one.first.date() >= first)


class Stage(NamedTuple):
    """One rule's asks of one sort in one month."""

    month: str
    rule: str
    sort: Sort


def by_stage(asked: Iterable[Asked]) -> Mapping[Stage, int]:
    """How many of each, by month, rule and sort."""
    return Counter(Stage(f"{one.first:%Y-%m}", one.rule, one.sort) for one in asked)


@dataclass(frozen=True, slots=True)
class Share:
    """How often one group was asked something of, beside everybody else.

    `reached` counts pupils, `pupils` those of the group; `others_*` the same of all who are known not to be in it.
    """

    group: str
    sort: Sort
    reached: int
    pupils: int
    others_reached: int
    others: int


FALLS_ON_FAMILIES = (Sort.LETTER, Sort.MEETING, Sort.VISIT, Sort.REFERRAL)


def shares(asked: Sequence[Asked], groups: Mapping[str, Mapping[PupilId, bool]]) -> tuple[Share, ...]:
    """Whether what falls on families falls evenly: of each group, whom the MIS says to be in it and not in it."""
    found = []
    for sort in FALLS_ON_FAMILIES:
        reached = {one.pupil for one in asked if one.sort is sort and one.pupil is not None}
        for name, members in groups.items():
            inside = {pupil for pupil, says in members.items() if says}
            outside = members.keys() - inside
            found.append(Share(name, sort, len(reached & inside), len(inside), len(reached & outside), len(outside)))
    return tuple(found)


def _asked(at: datetime, decision: Decision, sort: Sort) -> Asked:
    proposal = decision.proposal
    return Asked(
        key=decision.key,
        sort=sort,
        rule=decision.because.rule,
        pupil=decision.pupil,
        title=_title(proposal),
        first=at,
        last=at,
        step=_step(decision, at),
    )


def _title(proposal: Proposal) -> str:
    match proposal:
        case RaiseTask(title=title) | DraftLetter(title=title):
            return title
        case SetCode(subject=subject, code=code):
            return f"{subject.session}: {subject.code or 'no mark'} becomes {code}"
        case IncludeInReturn(name=name, period=period):
            return f"{name} {period}"
        case OpenReferral(kind=kind):
            return f"referral, {kind}"
    return ""


def _step(decision: Decision, at: datetime) -> Event | None:
    """The event that doing it would record, when due; None where what came of it cannot be known beforehand."""
    match decision.proposal:
        case DraftLetter(sent_as=kind, due=due, role=role) if kind:
            return Event(max(at, due), kind, decision.pupil, role=role)
        case RaiseTask(done_as=kind, due=due, role=role, outcomes=()) if kind:
            return Event(max(at, due), kind, decision.pupil, role=role)
        case OpenReferral(done_as=kind, role=role) if kind:
            return Event(at, kind, decision.pupil, role=role)
    return None
