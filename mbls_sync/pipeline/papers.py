"""Writes what a plan came to onto paper: list, sheets and letters on every pass, returns and packets when due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time

from mbls_sync.delivery.analysis.write import packs_due
from mbls_sync.delivery.desk import Codes, Desk
from mbls_sync.delivery.dispatch import Papers, sheets_written, write_all, write_papers
from mbls_sync.delivery.falling_due import Job, Writers, falling_due
from mbls_sync.delivery.return_entries import open_returns
from mbls_sync.engine.subjects import Subjects
from mbls_sync.engine.world import World
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.deliveries import Effect, Kind, Mode
from mbls_sync.model.la_profile import LaProfile
from mbls_sync.pipeline.parts import PassInputs, Tally
from mbls_sync.pipeline.plan import Plan
from mbls_sync.store import outbox, people, quarantine, registers
from mbls_sync.store.transaction import Tx


def deliver_papers(given: PassInputs, made: Plan, tally: Tally) -> None:
    """Write every paper as it stands now; one that cannot be written is a problem in the report and stops no other."""
    # Of sheet rows only those asked for now: what was written before stands on the sheet.
    shown = tuple(e for e in tally.effects if e.kind is not Kind.SHEET_ROW or e.key in made.asked)
    quarantined = tally.counts["quarantined"]
    desk = desk_of(made.world, made.subjects, given.mode, given.codebook, shown, quarantined, given.profile)
    papers = write_papers(desk, given.folders)
    _count(papers, tally)
    _count(write_all(_due_now(given, desk)), tally)
    if not papers.problems and given.mode is not Mode.SHADOW:
        rows = [effect for effect in shown if effect.kind is Kind.SHEET_ROW]
        sheets_written(given.store, rows, made.world.now, given.fence)


def desk_of(
    world: World,
    subjects: Subjects,
    mode: Mode,
    codes: Codes,
    effects: Iterable[Effect],
    quarantined: int = 0,
    profile: LaProfile | None = None,
) -> Desk:
    """All that lies on the attendance officer's desk, in the world as it is known."""
    missing = [r for r in subjects.registers if r.session.day == world.today and not r.is_taken]
    return Desk(
        school=world.school,
        now=world.now,
        mode=mode,
        calendar=world.calendar,
        parameters=world.parameters,
        codes=codes,
        pulled_at=world.pulled_at,
        roll=world.on_roll,
        leavers=tuple(pupil for pupil in world.roll if pupil.left is not None and pupil.left < world.today),
        histories=subjects.histories,
        effects=tuple(effects),
        events=world.events,
        details=world.details,
        registers_missing=len(missing),
        quarantined=quarantined,
        go_live=world.go_live,
        registers=world.registers,
        profile=profile or LaProfile(),
    )


def _due_now(given: PassInputs, desk: Desk) -> Sequence[Job]:
    out = given.folders.out
    writers = Writers(given.registry.returns, given.registry.packets)
    with given.store.read() as tx:
        named = replace(writers, pseudonyms=people.pseudonyms(tx))
        is_due, has_pack = bool(falling_due(desk, named, out)), bool(packs_due(desk, given.benchmarks, out))
        # As much as a paper shows of what the commands read, so that a pass and a command write the same bytes.
        told = with_lines_told(desk, tx) if is_due else desk
        whole = with_every_year(desk, tx) if has_pack else desk
    due = falling_due(told, named, out) if is_due else []
    return [*due, *(packs_due(whole, given.benchmarks, out) if has_pack else [])]


def with_lines_told(desk: Desk, tx: Tx) -> Desk:
    """The desk with every line of the returns that are not sent yet, also those to which nothing more happens.

    And with what came from the MIS and could not be taken, for the lint to name.

    No line is older than the academic year that its return is about: ten years of closed effects cost nothing.
    """
    first = min((AcademicYear.of(due.first).first for due in open_returns(desk)), default=desk.now.date())
    since = datetime.combine(first, time.min, tzinfo=desk.now.tzinfo)
    lines = {effect.key: effect for effect in outbox.load(tx, kinds=(Kind.RETURN_LINE,), since=since)}
    effects = lines | {effect.key: effect for effect in desk.effects}
    unread = tuple(held.row for held in quarantine.open_rows(tx))
    return replace(desk, effects=tuple(effects[key] for key in sorted(effects)), unread=unread)


def with_every_year(desk: Desk, tx: Tx, at: datetime | None = None) -> Desk:
    """The desk with the marks of every year held, as known now or by `at`: an analysis looks back further."""
    held = {year: registers.load(tx, year, at) for year in registers.years(tx) if year not in desk.registers}
    return replace(desk, registers=dict(sorted({**held, **desk.registers}.items())))


def _count(papers: Papers, tally: Tally) -> None:
    tally.files += papers.files
    tally.problems += papers.problems
    tally.add(papers=len(papers.files))
