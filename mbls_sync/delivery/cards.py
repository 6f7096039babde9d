"""A card of the task list: one call that settles everything a family is to be asked today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mbls_sync.delivery.calls import (
    ContactLine,
    MarkCell,
    contact_lines,
    flag_words,
    last_marks,
    last_steps,
    need_words,
)
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.files import draft_stem
from mbls_sync.delivery.path_back import path_words
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import DraftLetter, Facts, OpenReferral, Proposal, RaiseTask, Rank
from mbls_sync.model.pupils import Pupil

CALLS = (Rank.SAFEGUARDING, Rank.NO_CONTACT, Rank.DAY_TWO, Rank.NOT_CODED, Rank.UNEXPLAINED)
"""Ranks that one telephone call settles together."""

PACKET_STEP = "Find it in the folder “packets”, complete what its checklist lists as missing, then send it."


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what, for whom, why, by when, what to say, and how to say that it is done.

    `why` says why; `policy` names the section; `marks` are those the rule looked at. For what has a clock, `path`
    says where the pupil's year can still go, `missed` how many sessions of it were missed, and `leaves` when persistent
    absence can end at the earliest; nothing for what is about today. `letter` is the draft's template where every
    family is sent it alike, or it is praise.
    """

    id: str
    rank: Rank
    kind: str
    title: str
    pupil: PupilId | None
    name: str
    class_name: str
    why: str
    policy: str
    rule: str
    marks: str
    due: datetime
    is_late: bool
    role: str
    say: str
    steps: tuple[str, ...]
    outcomes: tuple[str, ...]
    facts: Facts
    path: tuple[str, ...] = ()
    missed: int = 0
    leaves: date | None = None
    letter: str = ""

    @property
    def command(self) -> str:
        """What records that it is done; where outcomes are offered, OUTCOME stands for one of them."""
        return f"mbls-sync tasks done {self.id}" + (' --outcome "OUTCOME"' if self.outcomes else "")


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil on a card: who, what bears on the call, the last ten sessions, and the last steps taken.

    `flags` are about the pupil's safety and who else is responsible; `needs` are good to know.
    """

    pupil: Pupil
    flags: tuple[str, ...]
    needs: tuple[str, ...]
    marks: tuple[MarkCell, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Tasks that are settled together.

    `is_guess`: the children are probably, not surely, of one family. `others` are probable siblings who
    need nothing today.
    """

    rank: Rank
    heading: str
    children: tuple[Child, ...]
    contacts: tuple[ContactLine, ...]
    say: tuple[str, ...]
    tasks: tuple[Task, ...]
    is_guess: bool
    others: tuple[Pupil, ...]

    @property
    def due(self) -> datetime:
        """The first deadline on the card."""
        return min(task.due for task in self.tasks)


def task_of(effect: Effect, desk: Desk) -> Task:
    """The task that an effect of kind task, letter or referral asks of a person."""
    proposal = effect.proposal
    pupil = desk.pupils.get(effect.pupil) if effect.pupil is not None else None
    if isinstance(proposal, RaiseTask):
        rank, kind, title, why, facts = proposal.rank, proposal.kind, proposal.title, proposal.why, proposal.facts
        facts = (*_draft_facts(effect, proposal.drafts, desk), *facts)
        say, steps, outcomes = proposal.say, proposal.steps, proposal.outcomes
    elif isinstance(proposal, DraftLetter):
        rank = Rank.PRAISE if proposal.is_praise else Rank.CLOCK
        kind, title, why, facts = proposal.template, proposal.title, proposal.why, proposal.facts
        facts = (*_draft_facts(effect, (proposal.template,), desk), *facts)
        say, steps, outcomes = "", ("Read the draft in the folder “letters”, mend it, send it.",), ()
    elif isinstance(proposal, OpenReferral):
        rank, kind, title, why, facts = Rank.CLOCK, proposal.kind, _referral_title(proposal), proposal.cause, ()
        say, steps, outcomes = "", (PACKET_STEP,), ()
    else:
        raise TypeError(f"an effect of kind {effect.kind} asks nothing of a person")
    due = proposal.due.astimezone(desk.now.tzinfo)
    history = desk.histories.get(effect.pupil) if effect.pupil is not None and rank is Rank.CLOCK else None
    return Task(
        id=desk.short_ids[effect.key],
        rank=rank,
        kind=kind,
        title=title,
        pupil=effect.pupil,
        name=pupil.name if pupil else "",
        class_name=pupil.class_name if pupil else "",
        why=why,
        policy=effect.because.cites,
        rule=effect.because.rule,
        marks=_marks_read(effect),
        due=due,
        is_late=due < desk.now,
        role=proposal.role,
        say=say,
        steps=steps,
        outcomes=outcomes,
        facts=facts,
        path=() if history is None else path_words(history, desk.policy()),
        missed=0 if history is None else history.figures.absent,
        leaves=None if history is None else history.path_back().leaves,
        letter=_told_alike(proposal),
    )


def _told_alike(proposal: Proposal) -> str:
    match proposal:
        case DraftLetter(template=template, to_all=to_all, is_praise=is_praise) if to_all or is_praise:
            return template
        case _:
            return ""


def _draft_facts(effect: Effect, templates: Iterable[str], desk: Desk) -> Facts:
    """The drafts that lie ready, by their files' names without the ending."""
    key = desk.told_with.get(effect.key, effect.key)
    return tuple(("Draft", draft_stem(template, desk.short_ids[key])) for template in templates)


def cards(tasks: Iterable[Task], desk: Desk) -> tuple[Card, ...]:
    """The cards of today's tasks, in the order of work: rank, then what is due first, then name."""
    grouped: dict[tuple[str, str], list[Task]] = {}
    for task in tasks:
        bucket = "call" if task.rank in CALLS else task.rank.name
        who = desk.family.get(task.pupil, task.pupil) if task.pupil is not None else f"task {task.id}"
        grouped.setdefault((bucket, who), []).append(task)
    made = [_card(sorted(group, key=_order), desk) for group in grouped.values()]
    return tuple(sorted(made, key=lambda card: (card.rank, card.due, card.heading, card.tasks[0].id)))


def _order(task: Task) -> tuple[Rank, datetime, str, str]:
    return task.rank, task.due, task.name, task.id


def _card(tasks: Sequence[Task], desk: Desk) -> Card:
    ids = dict.fromkeys(task.pupil for task in tasks if task.pupil is not None)
    pupils = [desk.pupils.get(pupil) or Pupil(pupil) for pupil in ids]
    rank = min(task.rank for task in tasks)
    return Card(
        rank=rank,
        heading=_heading(pupils) or tasks[0].title,
        children=tuple(_child(pupil, desk) for pupil in pupils),
        contacts=contact_lines(pupils, desk) if rank in (*CALLS, Rank.FOLLOW_UP, Rank.CONTACTS) else (),
        say=tuple(dict.fromkeys(task.say for task in tasks if task.say)),
        tasks=tuple(tasks),
        is_guess=len(pupils) > 1,
        others=_others(ids, desk),
    )


def _child(pupil: Pupil, desk: Desk) -> Child:
    return Child(
        pupil=pupil,
        flags=flag_words(pupil, desk.now.date()),
        needs=need_words(pupil),
        marks=last_marks(pupil, desk),
        steps=last_steps(pupil, desk),
    )


def _others(ids: Iterable[PupilId], desk: Desk) -> tuple[Pupil, ...]:
    mine = set(ids)
    heads = {desk.family[pupil] for pupil in mine if pupil in desk.family}
    today = desk.now.date()
    return tuple(p for p in desk.roll if desk.family[p.id] in heads and p.id not in mine and p.on_roll(today))


def _heading(pupils: Sequence[Pupil]) -> str:
    return " and ".join(pupil.name for pupil in pupils)


def _marks_read(effect: Effect) -> str:
    """The marks a rule looked at, the last few: `Mon 7 Sep AM N`."""
    shown = effect.because.marks[-4:]
    words = [
        f"{session.day:%a} {session.day.day} {session.day:%b} {session.period} {code or 'no mark'}"
        for session, code in shown
    ]
    earlier = len(effect.because.marks) - len(shown)
    return ", ".join(words) + (f" and {earlier} earlier" if earlier else "")


def _referral_title(proposal: OpenReferral) -> str:
    return proposal.title or f"Refer to the LA ({proposal.kind.upper()}): check the packet and send it"
