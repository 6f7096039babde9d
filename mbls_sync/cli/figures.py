"""`mbls-sync figures`: attendance in sessions and exact percentages, by pupil or by group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption, day, moment
from mbls_sync.cli.show import Format, FormatOption, show
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.engine.moments import opened_today
from mbls_sync.engine.world import World
from mbls_sync.errors import ConfigurationError
from mbls_sync.figures import groups, percentages
from mbls_sync.figures.counts import everybody, figures_of
from mbls_sync.figures.measures import Measures
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.pupils import Phase, Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Period, Session
from mbls_sync.store import inputs, registers

app = typer.Typer(add_completion=False)

COUNTS = (
    "possible",
    "present",
    "approved_activity",
    "authorised",
    "unauthorised",
    "unmarked",
    "late_before_close",
    "late_after_close",
)
PERCENTAGES = ("attendance_percent", "absence_percent")


class By(StrEnum):
    """What one row is about."""

    PUPIL = "pupil"
    CLASS = "class"
    YEAR = "year"
    GROUP = "group"
    SCHOOL = "school"
    WEEKDAY = "weekday"


@dataclass(frozen=True)
class Asked:
    """The span and cohort that were asked about, and all that is known of them."""

    at: datetime
    first: date
    last: date
    cohort: Cohort
    pupils: tuple[Pupil, ...]
    years: tuple[RegisterPages, ...]


@app.command()
def figures(
    ctx: typer.Context,
    by: Annotated[By, typer.Option("--by", help="What one row is about.")] = By.PUPIL,
    first: Annotated[
        str | None, typer.Option("--from", help="First day; the academic year's where left out.", metavar="DATE")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Last day, inclusive; the day of --at where left out.", metavar="DATE")
    ] = None,
    at: AtOption = None,
    hindsight: HindsightOption = False,
    cohort: Annotated[Cohort, typer.Option("--cohort", help="Whose sessions count.")] = Cohort.ALL_ROLL,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print attendance by pupil, class, year, group, school or weekday."""
    office = open_office(ctx.obj)
    when = moment(at, office.zone, office.clock())
    begins = day(first, "--from") if first else AcademicYear.of(when.date()).first
    ends = day(last, "--to") if last else when.date()
    if ends < begins:
        raise ConfigurationError(f"--to {ends.isoformat()} lies before --from {begins.isoformat()}; swap them")
    asked = _read(office, when, begins, ends, cohort, known_at=when if at and not hindsight else None)
    rows = ROWS[by](office, asked)
    head = {"at": when, "from": begins, "to": ends, "cohort": str(cohort), "by": str(by)}
    title = f"{office.settings.school.name}: {begins} to {ends}, as known at {when:%Y-%m-%d %H:%M}, cohort {cohort}"
    if form is Format.TABLE:
        rows = [{**row, **{name: for_a_person(row[name]) for name in PERCENTAGES}} for row in rows]
    show(rows, list(rows[0]) if rows else _columns(by), form, title=title, head=head)


def for_a_person(exact: str | None) -> str:
    """A percentage to one place; a machine gets every place by json and csv."""
    return percentages.shown(None if exact is None else Fraction(exact))


def pupil_row(counted: PupilFigures) -> dict[str, Any]:
    """One pupil's row, as README.md documents it."""
    return {
        "upn": counted.pupil,
        **_counted(counted),
        "persistent": counted.persistent,
        "severe": counted.severe,
        "unauthorised_10_weeks": counted.unauthorised_10_weeks,
    }


def _read(office: Office, at: datetime, first: date, last: date, cohort: Cohort, known_at: datetime | None) -> Asked:
    with office.store() as store, store.read() as tx:
        # The rolling window ends at the moment asked about and may reach back into the year before.
        latest = max(AcademicYear.of(last), AcademicYear.of(at.date()))
        earliest = min(AcademicYear.of(first), AcademicYear(AcademicYear.of(at.date()).start - 1))
        # A year of which no mark came has unmarked sessions all the same, if the calendar has sessions in it.
        planned = (school_year.year for school_year in office.calendar.years)
        wanted = sorted(year for year in {*registers.years(tx), *planned} if earliest <= year <= latest)
        years = tuple(registers.load(tx, year, known_at) for year in wanted)
        roll = inputs.roll(tx, known_at)
    known: dict[str, Pupil] = {pupil.id: pupil for pupil in roll}
    for pages in years:
        known |= {pupil.id: pupil for pupil in everybody(pages, known.values())}
    return Asked(at, first, last, cohort, tuple(known[id] for id in sorted(known)), years)


def _by_pupil(office: Office, asked: Asked) -> list[dict[str, Any]]:
    return [pupil_row(counted) for counted in _figures(office, asked)]


def _figures(office: Office, asked: Asked) -> list[PupilFigures]:
    """Everybody who was on roll in the span or has a mark in it, by id."""
    measures = Measures.under(office.policy(asked.last))
    found: list[PupilFigures] = []
    for pupils, last in _by_last_session(office, asked):
        found += _counted_to(office, asked, pupils, last, measures)
    if asked.last < asked.at.date():
        found = _with_the_window_at_the_moment(office, asked, found, measures)
    here = {pupil.id for pupil in asked.pupils if _was_on_roll(pupil, asked)}
    return sorted((f for f in found if f.pupil in here or f.possible), key=lambda counted: counted.pupil)


def _by_last_session(office: Office, asked: Asked) -> Iterable[tuple[tuple[Pupil, ...], Session]]:
    """The pupils with the last session that counts for them: today, each phase's registers open at their own times."""
    today = asked.at.date()
    # On a day without a session nothing is yet to open, and a mark that is there counts like any other.
    if asked.last < today or not office.calendar.sessions(today, today):
        yield asked.pupils, Session(min(asked.last, today), Period.PM)
        return
    given = office.settings.the_school()
    world = World(given, asked.at, office.calendar, office.parameters, office.codebook, registers={}, roll=())
    for phase in Phase:
        pupils = tuple(pupil for pupil in asked.pupils if pupil.phase is phase)
        if pupils:
            yield pupils, _last_open(world, phase)


def _last_open(world: World, phase: Phase) -> Session:
    """The latest half-day, of a school day or not, that is over or whose register has opened for a phase."""
    opened = opened_today(world, phase)
    waiting = [session for session in world.calendar.sessions_on(world.today) if session not in opened]
    if not waiting:
        return Session(world.today, Period.PM)
    if waiting[0].period is Period.PM:
        return Session(world.today, Period.AM)
    return Session(world.today - timedelta(days=1), Period.PM)


def _counted_to(
    office: Office, asked: Asked, pupils: tuple[Pupil, ...], last: Session, measures: Measures
) -> tuple[PupilFigures, ...]:
    until = asked.last if asked.last < asked.at.date() else asked.at.date()
    return figures_of(pupils, asked.years, office.calendar, asked.first, last, measures, asked.cohort, until)


def _with_the_window_at_the_moment(
    office: Office, asked: Asked, found: list[PupilFigures], measures: Measures
) -> list[PupilFigures]:
    """The same figures, their rolling window ending at the moment asked about instead of at the span's end."""
    until_now = replace(asked, last=asked.at.date())
    rolling = {
        counted.pupil: counted.unauthorised_10_weeks
        for pupils, last in _by_last_session(office, until_now)
        for counted in _counted_to(office, until_now, pupils, last, measures)
    }
    return [replace(counted, unauthorised_10_weeks=rolling[counted.pupil]) for counted in found]


def _was_on_roll(pupil: Pupil, asked: Asked) -> bool:
    came = pupil.admitted is None or pupil.admitted <= asked.last
    return came and (pupil.left is None or pupil.left >= asked.first)


def _by_group(names: Callable[[Pupil], Iterable[str]], column: str) -> Callable[[Office, Asked], list[dict[str, Any]]]:
    def rows(office: Office, asked: Asked) -> list[dict[str, Any]]:
        sums = groups.grouped(_figures(office, asked), groups.groups_of(asked.pupils, names))
        return [_group_row(column, counted) for counted in sums]

    return rows


def _by_school(office: Office, asked: Asked) -> list[dict[str, Any]]:
    name = office.settings.school.name
    return _by_group(lambda _: (name,), By.SCHOOL)(office, asked)


def _by_weekday(office: Office, asked: Asked) -> list[dict[str, Any]]:
    parts = [
        groups.by_weekday(pupils, asked.years, office.calendar, asked.first, last, asked.cohort)
        for pupils, last in _by_last_session(office, asked)
    ]
    return [_group_row(By.WEEKDAY, groups.added(same)) for same in zip(*parts, strict=True)]


def _group_row(column: str, counted: groups.GroupFigures) -> dict[str, Any]:
    row = {str(column): counted.name, "pupils": counted.pupils, **_counted(counted)}
    if counted.persistent is not None:
        row |= {"persistent": counted.persistent, "severe": counted.severe}
    return row


def _counted(counted: PupilFigures | groups.GroupFigures) -> dict[str, Any]:
    return {
        **{name: getattr(counted, name) for name in COUNTS},
        "attendance_percent": percentages.exact_text(percentages.attendance(counted)),
        "absence_percent": percentages.exact_text(percentages.absence(counted)),
    }


def _columns(by: By) -> Sequence[str]:
    if by is By.PUPIL:
        return ("upn", *COUNTS, *PERCENTAGES, "persistent", "severe", "unauthorised_10_weeks")
    return (str(by), "pupils", *COUNTS, *PERCENTAGES)


ROWS: Mapping[By, Callable[[Office, Asked], list[dict[str, Any]]]] = {
    By.PUPIL: _by_pupil,
    By.CLASS: _by_group(groups.class_of, By.CLASS),
    By.YEAR: _by_group(groups.year_group_of, By.YEAR),
    By.GROUP: _by_group(groups.characteristics_of, By.GROUP),
    By.SCHOOL: _by_school,
    By.WEEKDAY: _by_weekday,
}
