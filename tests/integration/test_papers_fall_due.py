"""A pass by itself files the return that falls due and the packet of a referral, without a command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from mbls_sync.delivery.desk import Desk
from mbls_sync.engine.subjects import Subjects
from mbls_sync.figures.history import History
from mbls_sync.model.deliveries import Effect, Kind, Mode, State
from mbls_sync.model.papers import FactsSection, PacketSections, ReturnTable
from mbls_sync.model.proposals import IncludeInReturn, OpenReferral, Proposal
from mbls_sync.model.sessions import Period, Session
from mbls_sync.pipeline.papers import desk_of, with_lines_told
from mbls_sync.pipeline.parts import PassReport
from mbls_sync.pipeline.world import build_world
from mbls_sync.registry.manager import Registry
from mbls_sync.store import outbox
from mbls_sync.store.transaction import Tx
from mbls_sync.testing.builders import the_codebook
from mbls_sync.testing.fake_school import FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import school_day, small_rule

DAY = date(2026, 11, 10)


def _to_the_la(history: History, now: Any, **_: Any) -> Iterable[Proposal]:
    pupil = history.pupil.id
    yield IncludeInReturn("register-check", pupil, "2026-27 autumn", DAY, "made up")
    yield OpenReferral("ewo", pupil, "made up", now.replace(hour=16, minute=0), "office", "made up")


def _table(entries: Any, **_: Any) -> ReturnTable:
    return ReturnTable("register-check", "Check", "test", ("UPN",), tuple((e.pupil.id,) for e in entries))


def _sections(evidence: Any, **_: Any) -> PacketSections:
    return PacketSections("ewo", "Referral", "made up", (FactsSection("Pupil", (("UPN", evidence.pupil.id),)),))


def test_the_analysis_of_a_half_term_lies_there_after_its_last_day_and_stays_as_it_is(tmp_path, database_url):
    last = date(2026, 10, 22)
    school = a_fake_school(tmp_path, database_url, last, classes={"2T": 6})
    packs = tmp_path / "out" / "packs"
    try:
        school.run(school_day(last, 9, 30))
        assert not packs.exists()
        first = school.run(school_day(last, 18, 30))
        before = {path: path.stat().st_mtime_ns for path in packs.iterdir()}
        school.mark(Session(last, Period.AM), {"2T-1": "I"})
        second = school.run(school_day(date(2026, 11, 3), 9, 30))
    finally:
        school.close()
    assert (first.problems, second.problems) == ((), ())
    assert sorted(path.suffix for path in before) == [".json", ".pdf", ".xlsx"]
    assert before == {path: path.stat().st_mtime_ns for path in packs.iterdir()}


def test_a_pass_files_what_is_due_once_and_a_second_pass_changes_nothing(tmp_path, database_url):
    school = a_fake_school(tmp_path, database_url, DAY, classes={"2T": 2})
    rule = small_rule("LA-T1", "judge_pupil", _to_the_la)
    registry: Any = Registry(bound=(rule,), returns={"register-check": _table}, packets={"ewo": _sections})
    try:
        first = school.run(school_day(DAY, 9, 30), registry=registry)
        before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.is_file()}
        second = school.run(school_day(DAY, 9, 30), registry=registry)
        after = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.is_file()}
    finally:
        school.close()
    assert (first.problems, second.problems) == ((), ())
    assert sum(path.suffix == ".zip" for path in first.files) == 2
    (sheet,) = (path for path in first.files if path.parent.name == "returns" and path.suffix == ".csv")
    assert sheet.read_text(encoding="utf-8").split() == ["UPN", "2T-1", "2T-2"]
    assert before == after
    assert not any("2T" in path.name for path in after), "no pupil stands in a file name"


def test_a_return_holds_the_line_that_was_told_though_nothing_asks_for_it_any_more(tmp_path, database_url):
    asked, school = {"2T-1", "2T-2"}, a_fake_school(tmp_path, database_url, DAY, classes={"2T": 2})

    def still_asked(history: History, **given: Any) -> Iterable[Proposal]:
        return (p for p in _to_the_la(history, **given) if history.pupil.id in asked)

    registry: Any = Registry(
        bound=(small_rule("LA-T1", "judge_pupil", still_asked),), returns={"register-check": _table}
    )
    try:
        eve = school.run(school_day(date(2026, 11, 9), 9, 30), registry=registry)
        told = next(e for e in eve.effects if e.kind is Kind.RETURN_LINE and e.pupil == "2T-1")
        with school.store.begin() as tx:
            outbox.move(tx, told.key, State.VERIFIED, reason="told", now=eve.started, expect=[State.PLANNED])
            _years_ago(tx, told)
        asked.remove("2T-1")
        due = school.run(school_day(DAY, 9, 30), registry=registry)
        with school.store.read() as tx:
            read = with_lines_told(_desk(school, due), tx)
    finally:
        school.close()
    (sheet,) = (path for path in due.files if path.parent.name == "returns" and path.suffix == ".csv")
    assert sheet.read_text(encoding="utf-8").split() == ["UPN", "2T-1", "2T-2"]
    assert told.key in {effect.key for effect in read.effects}
    assert "long ago" not in {effect.key for effect in read.effects}, "closed effects of every year were read"


def _years_ago(tx: Tx, told: Effect) -> None:
    then = told.opened_at - timedelta(weeks=3 * 52)
    line = replace(told.proposal, period="2023-24 autumn", due=then.date())
    closed = replace(told, key="long ago", proposal=line, state=State.VERIFIED, opened_at=then, changed_at=then)
    outbox.put(tx, closed, "told")


def _desk(school: FakeSchool, report: PassReport) -> Desk:
    """The desk as a pass has it: what stands, and no more."""
    now = report.started
    with school.store.read() as tx:
        world = build_world(tx, school.inputs(now), now)
    return desk_of(world, Subjects(world), Mode.AUTO, the_codebook(), report.effects)
