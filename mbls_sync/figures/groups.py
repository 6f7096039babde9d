"""Sums of figures over groups of pupils, and over the half-days of the week."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mbls_sync.figures.counts import FLAGS, POSSIBLE_FLAGS, UNMARKED, count_slots, late_flags, where
from mbls_sync.figures.seen import OUTSIDE, seen
from mbls_sync.figures.slots import held, span
from mbls_sync.model.attendance import Cohort, PupilFigures, Sums
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import WEEKS, RegisterPages
from mbls_sync.model.sessions import Period, Session

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


SUMS = (
    "pupils",
    "possible",
    "present",
    "approved_activity",
    "authorised",
    "unauthorised",
    "unmarked",
    "late_before_close",
    "late_after_close",
)


@dataclass(frozen=True, slots=True)
class GroupFigures(Sums):
    """The figures of a group added up. `pupils` are those with a possible session, whom rates are shares of.

    `persistent` and `severe` count pupils; None where the sums are not over pupils' whole spans.
    """

    name: str
    pupils: int
    possible: int
    present: int
    approved_activity: int
    authorised: int
    unauthorised: int
    unmarked: int
    late_before_close: int
    late_after_close: int
    persistent: int | None = None
    severe: int | None = None


def grouped(figures: Iterable[PupilFigures], groups: Mapping[PupilId, Iterable[str]]) -> tuple[GroupFigures, ...]:
    """One sum for each group, by name. `groups` says which each pupil is in: one, several or none."""
    members: dict[str, list[PupilFigures]] = {}
    for counted in figures:
        for name in groups.get(counted.pupil, ()):
            members.setdefault(name, []).append(counted)
    return tuple(_summed(name, members[name]) for name in sorted(members))


def groups_of(pupils: Iterable[Pupil], names: Callable[[Pupil], Iterable[str]]) -> Mapping[PupilId, tuple[str, ...]]:
    """Which groups each pupil is in, for `grouped`."""
    return {pupil.id: tuple(names(pupil)) for pupil in pupils}


def class_of(pupil: Pupil) -> tuple[str, ...]:
    """The pupil's class, for `groups_of`; empty text where it is not known."""
    return (pupil.class_name,)


def year_group_of(pupil: Pupil) -> tuple[str, ...]:
    """The pupil's year group, for `groups_of`; empty text where it is not known."""
    return (pupil.year_group,)


def characteristics_of(pupil: Pupil) -> tuple[str, ...]:
    """The groups a school compares, for `groups_of`: a pupil is in every one that the MIS says, in none by guess."""
    told = {
        "child in need": pupil.child_in_need,
        "child protection plan": pupil.child_protection,
        "education, health and care plan": pupil.education_health_care_plan,
        "English as an additional language": pupil.english_additional_language,
        "free school meals": pupil.free_school_meals,
        "looked after": pupil.looked_after,
        "pupil premium": pupil.pupil_premium,
        "young carer": pupil.young_carer,
    }
    worded = {"ethnicity": pupil.ethnicity, "SEN status": pupil.sen_status, "sex": pupil.sex}
    return (
        *(name if says else f"not {name}" for name, says in told.items() if says is not None),
        *(f"{name} {value}" for name, value in worded.items() if value),
    )


def by_weekday(
    pupils: Sequence[Pupil],
    years: Iterable[RegisterPages],
    calendar: SchoolCalendar,
    first: date,
    last: Session,
    cohort: Cohort = Cohort.ALL_ROLL,
) -> tuple[GroupFigures, ...]:
    """The sums of each half-day of the week, Monday AM to Friday PM, from `first` to `last`."""
    return by_weekday_of({"": [pupil.id for pupil in pupils]}, pupils, years, calendar, first, last, cohort)[""]


def by_weekday_of(
    groups: Mapping[str, Collection[PupilId]],
    pupils: Sequence[Pupil],
    years: Iterable[RegisterPages],
    calendar: SchoolCalendar,
    first: date,
    last: Session,
    cohort: Cohort = Cohort.ALL_ROLL,
) -> Mapping[str, tuple[GroupFigures, ...]]:
    """The sums of each half-day of the week for each group of these pupils; a school's marks are laid out only once."""
    rows = {name: [at for at, pupil in enumerate(pupils) if pupil.id in ids] for name, ids in groups.items()}
    totals = {name: np.zeros((7, 10), dtype=np.int64) for name in groups}
    counted = np.zeros((len(pupils), 10), dtype=np.bool_)
    for pages in years:
        over = span(pages.year, first, last)
        if over.stop <= over.start:
            continue
        marks = seen(pages, pupils, cohort)
        marks[:, : over.start] = marks[:, over.stop :] = OUTSIDE
        for name, mine in rows.items():
            slots = count_slots(marks[mine], *FLAGS.values(), *late_flags(pages.encoding), UNMARKED)
            slots[6] *= held(calendar, pages.year)
            totals[name] += slots.reshape(7, WEEKS, 10).sum(axis=1)
        counted |= where(marks, POSSIBLE_FLAGS).reshape(len(pupils), WEEKS, 10).any(axis=1)
    return {
        name: tuple(_half_day(at, totals[name][:, at].tolist(), int(counted[mine, at].sum())) for at in range(10))
        for name, mine in rows.items()
    }


def added(parts: Sequence[GroupFigures]) -> GroupFigures:
    """The sums of one half-day over groups that share no pupil. Raises IndexError where there is none."""
    sums = {name: sum(getattr(part, name) for part in parts) for name in SUMS}
    return GroupFigures(name=parts[0].name, **sums)


def _half_day(at: int, sums: Sequence[int], pupils: int) -> GroupFigures:
    present, approved, authorised, unauthorised, late_before, late_after, unmarked = sums
    return GroupFigures(
        name=f"{WEEKDAYS[at // 2]} {Period.PM if at % 2 else Period.AM}",
        pupils=pupils,
        possible=present + approved + authorised + unauthorised,
        present=present,
        approved_activity=approved,
        authorised=authorised,
        unauthorised=unauthorised,
        unmarked=unmarked,
        late_before_close=late_before,
        late_after_close=late_after,
    )


def _summed(name: str, members: Sequence[PupilFigures]) -> GroupFigures:
    return GroupFigures(
        name=name,
        pupils=sum(counted.possible > 0 for counted in members),
        possible=sum(counted.possible for counted in members),
        present=sum(counted.present for counted in members),
        approved_activity=sum(counted.approved_activity for counted in members),
        authorised=sum(counted.authorised for counted in members),
        unauthorised=sum(counted.unauthorised for counted in members),
        unmarked=sum(counted.unmarked for counted in members),
        late_before_close=sum(counted.late_before_close for counted in members),
        late_after_close=sum(counted.late_after_close for counted in members),
        persistent=sum(counted.persistent for counted in members),
        severe=sum(counted.severe for counted in members),
    )
