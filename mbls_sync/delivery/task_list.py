"""The attendance officer's task list: frozen values in the order in which the work is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from mbls_sync.delivery.cards import Card, Task, cards, task_of
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.return_entries import returns_due
from mbls_sync.delivery.timetable_of_returns import ahead
from mbls_sync.model.deliveries import Kind, Mode, State
from mbls_sync.model.papers import School
from mbls_sync.model.proposals import IncludeInReturn, Rank
from mbls_sync.policy.gaps import gaps

FOR_A_PERSON = (Kind.TASK, Kind.LETTER, Kind.REFERRAL)
"""The effects that a person carries out."""

HEADINGS = {
    Rank.SAFEGUARDING: "Safeguarding first",
    Rank.NO_CONTACT: "No contact yet",
    Rank.DAY_TWO: "Second day without contact",
    Rank.NOT_CODED: "Reason known, mark not coded",
    Rank.UNEXPLAINED: "Still N",
    Rank.REGISTER: "Registers",
    Rank.CLOCK: "Letters, meetings and reviews due",
    Rank.FOLLOW_UP: "Follow-ups",
    Rank.CONTACTS: "Contact details to complete",
    Rank.PRAISE: "Praise",
}
"""The sections of the list, in the order of work."""

BRIEF = (Rank.CLOCK, Rank.CONTACTS, Rank.PRAISE)
"""Ranks whose tasks need no card."""


@dataclass(frozen=True, slots=True)
class Section:
    """Cards of one rank under one heading."""

    heading: str
    cards: tuple[Card, ...]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every task of the section: card by card, or in a table by day, so that what is alike is done in one go.

        Of what is alike on one day, whoever has missed most comes first.
        """
        found = tuple(task for card in self.cards for task in card.tasks)
        return tuple(sorted(found, key=_alike)) if self.is_table else found

    @property
    def count(self) -> int:
        """How many the heading says there are: tasks of a table, cards otherwise."""
        return len(self.tasks if self.is_table else self.cards)

    @property
    def is_table(self) -> bool:
        """Whether a line a task is enough: there is nobody to ring, and there may be a hundred of them."""
        return all(card.rank in BRIEF for card in self.cards)


@dataclass(frozen=True, slots=True)
class NextDue:
    """Something with a date that is coming: what, when, and how many pupils it is about."""

    due: date
    text: str


@dataclass(frozen=True, slots=True)
class TaskList:
    """One moment's list. `later` is due after today; `inherited` was already so before the school went live.

    `pupils` and `families` count those on today's cards. `put_off` tasks come back by themselves;
    `marks_waiting` marks wait on the keying sheet or for approval. `gaps` say where the policy itself leaves something
    open: they stand on every list until it is adopted anew.
    """

    school: School
    now: datetime
    mode: Mode
    pulled_at: datetime | None
    families: int
    pupils: int
    registers_missing: int
    quarantined: int
    marks_waiting: int
    put_off: int
    sections: tuple[Section, ...]
    later: tuple[Task, ...]
    inherited: tuple[Task, ...]
    next_due: tuple[NextDue, ...]
    gaps: tuple[str, ...] = ()

    @property
    def is_of_the_past(self) -> bool:
        """Whether it is asked for as of a moment before the latest pull: its marks are those known then."""
        return self.pulled_at is not None and self.pulled_at > self.now

    @property
    def age_minutes(self) -> int | None:
        """How old the marks are, in whole minutes; None where none were ever pulled."""
        return None if self.pulled_at is None else int((self.now - self.pulled_at).total_seconds() // 60)

    @property
    def age(self) -> str:
        """How old the marks are, in words: 2 minutes, 3 hours, 6 days."""
        minutes = self.age_minutes or 0
        for count, unit in ((minutes // 1440, "day"), (minutes // 60, "hour")):
            if count > 1:
                return f"{count} {unit}s"
        return f"{minutes} minute{'' if minutes == 1 else 's'}"

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Today's tasks, in the order of the list."""
        return tuple(task for section in self.sections for task in section.tasks)


def build(desk: Desk) -> TaskList:
    """The list as it stands at `desk.now`. The same desk gives the same list, whatever the order of its effects."""
    waiting = desk.to_do(*FOR_A_PERSON)
    shown = [effect for effect in waiting if not effect.is_put_off(desk.now)]
    tasks = [task_of(effect, desk) for effect in shown]
    today = [task for task in tasks if _is_for_today(task, desk.now)]
    later = [task for task in tasks if not _is_for_today(task, desk.now)]
    sections = _sections(cards(today, desk))
    ids = {task.pupil for task in today if task.pupil is not None}
    return TaskList(
        school=desk.school,
        now=desk.now,
        mode=desk.mode,
        pulled_at=desk.pulled_at,
        families=len({desk.family.get(pupil, pupil) for pupil in ids}),
        pupils=len(ids),
        registers_missing=desk.registers_missing,
        quarantined=desk.quarantined,
        marks_waiting=len(desk.to_do(Kind.MARK)),
        put_off=len(waiting) - len(shown),
        sections=sections,
        later=tuple(sorted(later, key=lambda task: (task.due, task.rank, *_alike(task)))),
        inherited=_inherited(desk),
        next_due=_next_due(desk),
        gaps=gaps(desk.parameters, desk.now.date()),
    )


def _alike(task: Task) -> tuple[date, str, int, str, str]:
    return task.due.date(), task.title, -task.missed, task.name, task.id


def _is_for_today(task: Task, now: datetime) -> bool:
    # Whoever is unexplained is work for now whatever the last moment for it; what has a clock waits for its day.
    return task.rank < Rank.CLOCK or task.due.date() <= now.date()


def _sections(found: Iterable[Card]) -> tuple[Section, ...]:
    by_rank: dict[Rank, list[Card]] = {}
    for card in found:
        by_rank.setdefault(card.rank, []).append(card)
    return tuple(Section(HEADINGS[rank], tuple(by_rank[rank])) for rank in sorted(by_rank))


def _inherited(desk: Desk) -> tuple[Task, ...]:
    found = [e for e in desk.effects if e.state is State.INHERITED and e.kind in FOR_A_PERSON]
    return tuple(
        sorted((task_of(e, desk) for e in found), key=lambda task: (task.rank, task.name, task.title, task.id))
    )


def _next_due(desk: Desk) -> tuple[NextDue, ...]:
    counts: dict[tuple[date, str, str], int] = {}
    for effect in desk.to_do(Kind.RETURN_LINE):
        if isinstance(line := effect.proposal, IncludeInReturn):
            key = (line.due, line.name, line.period)
            counts[key] = counts.get(key, 0) + 1
    begun = {(due.name, due.period) for due in returns_due(desk)}
    empty = (due for due in ahead(desk, desk.profile.forms) if (due.name, due.period) not in begun)
    counts |= {(due.due, due.name, due.period): 0 for due in empty}
    return tuple(
        NextDue(due, f"{name.replace('-', ' ')}, {period}: {_how_many(count)}{_late(due, desk)}")
        for (due, name, period), count in sorted(counts.items())
    )


def _how_many(count: int) -> str:
    return f"{count} pupil{'' if count == 1 else 's'}" if count else "nobody so far"


def _late(due: date, desk: Desk) -> str:
    return ", LATE" if due < desk.now.date() else ""
