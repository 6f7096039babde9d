"""A receiver that accepts everything proves nothing: each thing that would bounce is sent back by it, in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mbls_sync.demo.school import DAY
from mbls_sync.policy.places import profile_folder, shipped_config
from tests.acceptance.la_receiver import receive
from tests.acceptance.renew_golden_returns import GOLDEN

PROFILE = profile_folder(shipped_config()) / "central-bedfordshire.yaml"
NAME = "8239999_attendance_2026-11_001.csv"
GOOD = (GOLDEN / PROFILE.stem / NAME).read_bytes()
HEAD, FIRST, REST = GOOD.decode().split("\r\n", 2)
CELLS = FIRST.split(",", 7)
"""The first pupil's line, up to the address, which holds the first comma of its own."""


def _with(place: int, cell: str) -> bytes:
    cells = [*CELLS[:place], cell, *CELLS[place + 1 :]]
    return "\r\n".join((HEAD, ",".join(cells), REST)).encode()


def _sent(folder: Path, data: bytes, name: str = NAME) -> list[str]:
    (folder / name).write_bytes(data)
    return receive(PROFILE, "attendance", folder, DAY)


def test_the_good_file_is_accepted(tmp_path: Path) -> None:
    assert _sent(tmp_path, GOOD) == []


WRONG: dict[str, tuple[Callable[[], bytes], str]] = {
    "a column is called otherwise": (lambda: GOOD.replace(b"Forename", b"First name"), "the columns are"),
    "a column is missing": (lambda: GOOD.replace(b",Cause", b""), "columns|shorter|longer"),
    "another LA's school": (lambda: _with(0, "9199999"), "not one of 823"),
    "no UPN": (lambda: _with(1, "12345"), "no UPN"),
    "no surname": (lambda: _with(2, ""), "Surname is empty"),
    "a formula": (lambda: _with(3, "=1+1"), "starts a formula"),
    "below compulsory school age": (lambda: _with(4, "2022-06-01"), "below compulsory school age"),
    "a date as people write it": (lambda: _with(4, "01/06/2018"), "not written 2026-11-30"),
    "a day there is not": (lambda: _with(4, "2018-02-31"), "is no date"),
    "a child in two lines": (lambda: "\r\n".join((HEAD, FIRST, FIRST, REST)).encode(), "twice"),
    "nobody": (f"{HEAD}\r\n".encode, "nobody stands in it"),
    "a byte order mark": (lambda: b"\xef\xbb\xbf" + GOOD, "byte order mark"),
    "lines as Unix ends them": (lambda: GOOD.replace(b"\r\n", b"\n"), "CR LF"),
    "another encoding": (lambda: GOOD.replace(b"Iris", "Ir\u00eds".encode("cp1252")), "cannot be read"),
    "half a file": (lambda: GOOD[: GOOD.rindex(b'"')], "cannot be read|columns|shorter"),
}


@pytest.mark.parametrize("what", WRONG)
def test_it_is_sent_back(tmp_path: Path, what: str) -> None:
    made, says = WRONG[what]
    assert made() != GOOD
    answers = _sent(tmp_path, made())
    assert any(part in answer for answer in answers for part in says.split("|")), answers


@pytest.mark.parametrize("name", ["attendance.csv", NAME.replace("823", "82"), NAME.replace("_001", "_1")])
def test_a_file_that_is_called_otherwise_is_not_found(tmp_path: Path, name: str) -> None:
    assert _sent(tmp_path, GOOD, name) != []
