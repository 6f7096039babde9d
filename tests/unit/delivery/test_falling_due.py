"""What a pass writes for the LA and the EWO without being asked: returns on their due day, packets once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.falling_due import Writers, falling_due
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import FactsSection, PacketSections, ReturnTable
from mbls_sync.model.proposals import IncludeInReturn, OpenReferral

Wrap = Callable[..., Effect]


def _table(**given: Any) -> ReturnTable:
    rows = tuple((entry.pupil.surname, entry.cause) for entry in given["entries"])
    return ReturnTable("register-check", "Register check", "test", ("Surname", "Cause"), rows)


def _sections(**given: Any) -> PacketSections:
    pupil = given["evidence"].pupil
    return PacketSections("ewo", "Referral", pupil.legal_name, (FactsSection("Pupil", (("UPN", pupil.upn),)),))


WRITERS = Writers({"register-check": _table}, {"ewo": _sections}, {PupilId("A1"): "p-1234"})


def _write(desk: Desk, folder: Path, writers: Writers = WRITERS) -> list[str]:
    return sorted(path.name for job in falling_due(desk, writers, folder) for path in job())


@pytest.fixture
def line(desk: Desk, effect_of: Wrap) -> Callable[..., Desk]:
    def due_on(day: date, state: State = State.PLANNED, cause: str = "illness") -> Desk:
        wanted = IncludeInReturn("register-check", PupilId("A1"), "2026-27 autumn", day, cause)
        return replace(desk, effects=(replace(effect_of(wanted, Kind.RETURN_LINE), state=state),))

    return due_on


@pytest.fixture
def referred(desk: Desk, effect_of: Wrap) -> Desk:
    wanted = OpenReferral("ewo", PupilId("A1"), "2026-27.1", desk.now, "attendance officer", "No improvement.")
    return replace(desk, effects=(effect_of(wanted, Kind.REFERRAL),))


def test_a_return_is_written_on_the_day_it_falls_due_and_not_before(
    line: Callable[..., Desk], desk: Desk, tmp_path: Path
) -> None:
    today = desk.now.date()
    assert _write(line(today + timedelta(days=1)), tmp_path) == []
    assert len(_write(line(today), tmp_path)) == 3


def test_a_return_follows_its_figures_until_the_day_is_over(
    line: Callable[..., Desk], desk: Desk, tmp_path: Path
) -> None:
    today = desk.now.date()
    _write(line(today, cause="before"), tmp_path)
    _write(line(today, cause="after"), tmp_path)
    (sheet,) = (tmp_path / "returns").glob("*.csv")
    assert "after" in sheet.read_text(encoding="utf-8")


def test_a_return_that_was_missed_is_written_late_and_then_left(
    line: Callable[..., Desk], desk: Desk, tmp_path: Path
) -> None:
    yesterday = desk.now.date() - timedelta(days=1)
    assert len(_write(line(yesterday), tmp_path)) == 3
    assert _write(line(yesterday), tmp_path) == []


def test_a_return_that_was_sent_is_not_written_again(line: Callable[..., Desk], desk: Desk, tmp_path: Path) -> None:
    assert _write(line(desk.now.date(), State.VERIFIED), tmp_path) == []


def test_a_packet_is_written_once_and_what_a_person_made_of_it_stays(referred: Desk, tmp_path: Path) -> None:
    assert "ewo_p-1234_20261013.zip" in _write(referred, tmp_path)
    (page,) = (tmp_path / "packets").glob("*/*.csv")
    page.write_text("completed by hand", encoding="utf-8")
    assert _write(referred, tmp_path) == []
    assert page.read_text(encoding="utf-8") == "completed by hand"


def test_a_packet_whose_writing_was_cut_short_is_written_again(referred: Desk, tmp_path: Path) -> None:
    _write(referred, tmp_path)
    (archive,) = (tmp_path / "packets").glob("*.zip")
    archive.unlink()
    assert archive.name in _write(referred, tmp_path)


def test_without_a_writer_nothing_is_written(line: Callable[..., Desk], referred: Desk, tmp_path: Path) -> None:
    for desk in (line(referred.now.date()), referred):
        assert _write(desk, tmp_path, Writers()) == []
