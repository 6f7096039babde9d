"""A paper goes when its own day is over its term, whatever date a restore gave its file; what is held or owed stays."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from mbls_sync.delivery.over_term import Papers, remove
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.decisions import Because
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import DraftLetter
from mbls_sync.model.sendings import PaperKind, Sending, SendState
from mbls_sync.testing.builders import a_pupil

LONG_AGO, NOW = datetime(2017, 10, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
KEPT_FROM = AcademicYear(2021)


def laid(folder: Path, name: str, text: str = "x", at: datetime = NOW) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


def a_packet(out: Path, opened: date, about: str = "P1", at: datetime = NOW) -> str:
    name = f"ewo_0123_{opened:%Y%m%d}"
    folder = out / "packets" / name
    laid(folder, "a.csv", f"UPN,{about}\n", at)
    laid(folder, "a.checklist.html", about, at)
    seal = sha256((folder / "a.csv").read_bytes()).hexdigest()
    stated = {
        "kind": "ewo",
        "opened": opened.isoformat(),
        "files": [{"name": "a.csv", "sha256": seal}],
        "kept_at_school": [{"name": "a.checklist.html"}],
    }
    laid(folder, "manifest.json", json.dumps(stated), at)
    laid(out / "packets", f"{name}.zip", at=at)
    return name


def a_letter(key: str, opened: datetime) -> Effect:
    letter = DraftLetter("support-letter", PupilId("P1"), "office", "1", "Write", "low", opened, "support-letter-sent")
    return Effect(key, Kind.LETTER, State.WITHDRAWN, PupilId("P1"), letter, Because("R", "s"), opened, opened)


def a_sending(document: str, state: SendState, at: datetime) -> Sending:
    return Sending(document, "la", PaperKind.PACKET, "ewo", "LA", "duty", 1, "0", {}, (), state, at, at, "")


@pytest.mark.parametrize("at", [LONG_AGO, NOW])
def test_a_paper_is_as_old_as_it_states_and_not_as_its_file(tmp_path: Path, at: datetime) -> None:
    old, recent = a_packet(tmp_path, date(2018, 10, 1), at=at), a_packet(tmp_path, date(2025, 10, 1), at=at)
    found = Papers(tmp_path, (), ()).documents_before(KEPT_FROM)
    assert [document.name for document in found] == [old]
    assert remove(tmp_path, found, ()) == 3
    assert sorted(path.name for path in (tmp_path / "packets").iterdir()) == [recent, f"{recent}.zip"]


def test_a_paper_that_is_still_to_be_sent_or_left_within_the_term_stays(tmp_path: Path) -> None:
    name = a_packet(tmp_path, date(2018, 10, 1))
    for state, at in ((SendState.WAITING, LONG_AGO), (SendState.SENT, NOW)):
        assert Papers(tmp_path, (), [a_sending(name, state, at)]).documents_before(KEPT_FROM) == []
    assert Papers(tmp_path, (), [a_sending(name, SendState.SENT, LONG_AGO)]).documents_before(KEPT_FROM)


def test_a_paper_about_a_pupil_who_is_held_stays_and_so_does_one_that_nobody_can_read_any_more(tmp_path: Path) -> None:
    a_packet(tmp_path, date(2018, 10, 1), about="P7")
    assert Papers(tmp_path, (), (), [a_pupil("P8")]).documents_before(KEPT_FROM)
    assert Papers(tmp_path, (), (), [a_pupil("P7")]).documents_before(KEPT_FROM) == []
    (tmp_path / "packets" / "ewo_0123_20181001" / "a.csv").write_text("changed", encoding="utf-8")
    assert Papers(tmp_path, (), (), [a_pupil("P8")]).documents_before(KEPT_FROM) == []


@pytest.mark.parametrize(
    ("folder", "name", "made"),
    [
        ("extracts", "register-extract-2018-10-01-0917-otters.pdf", date(2018, 10, 1)),
        ("subject", "subject_0123456789abcdef_20181001.zip", date(2018, 10, 1)),
        ("packs", "staff-half-term-2018-19-autumn-1.pdf", date(2019, 7, 31)),
        ("letters", "support-letter-0a1b2c3d.pdf", date(2018, 10, 1)),
        ("letters", "support-letter-ffffffff.pdf", NOW.date()),
        ("advice", "requests-for-the-head.html", NOW.date()),
    ],
)
def test_a_working_paper_is_dated_by_its_name_or_by_what_asked_for_it(
    tmp_path: Path, folder: str, name: str, made: date
) -> None:
    file = laid(tmp_path / folder, name)
    letters = [a_letter("0a1b2c3d" + "0" * 56, datetime(2018, 10, 1, 9, tzinfo=UTC)), a_letter("1" * 64, NOW)]
    papers = Papers(tmp_path, letters, ())
    assert papers.working_papers_before(made) == []
    assert papers.working_papers_before(made.replace(year=made.year + 1)) == [file]


def test_of_two_effects_whose_keys_begin_alike_the_later_counts(tmp_path: Path) -> None:
    laid(tmp_path / "letters", "support-letter-0a1b2c3d.pdf")
    both = [a_letter("0a1b2c3d" + end * 56, when) for end, when in (("0", LONG_AGO), ("1", NOW))]
    assert Papers(tmp_path, both, ()).working_papers_before(date(2020, 1, 1)) == []
    first = replace(both[0], opened_at=LONG_AGO)
    assert Papers(tmp_path, [first], ()).working_papers_before(date(2020, 1, 1)) != []
