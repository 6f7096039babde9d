"""Writes the golden files of the synthetic school's returns anew: `python -m tests.acceptance.renew_golden_returns`.

A workbook is kept as the cells it holds: its bytes change with the library that writes it, and its cells must not.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl

from mbls_sync.delivery.returns import PreparedReturn, files_of
from tests.returns_school import PROFILES, desk_in, returns_of, world_of

GOLDEN = Path(__file__).parent / "golden_returns"


def kept(one: PreparedReturn) -> dict[str, bytes]:
    """What is kept of a return: what the LA is given, and the checklist."""
    files = files_of(one)
    found = {name: data for name, data in files.items() if name == one.file_for_la or name.endswith(".checklist.html")}
    return {f"{name}.txt" if name.endswith("xlsx") else name: _plain(name, data) for name, data in found.items()}


def _plain(name: str, data: bytes) -> bytes:
    if name.endswith("html"):
        return without_style(data)
    if not name.endswith("xlsx"):
        return data
    text = io.StringIO(newline="")
    rows = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True)
    csv.writer(text, lineterminator="\n").writerows(
        [["" if cell is None else str(cell) for cell in row] for row in rows]
    )
    return text.getvalue().encode()


def without_style(page: bytes) -> bytes:
    """A page without the style that all pages share: a change of colours is no change of a paper."""
    return re.sub(rb"<style>.*?</style>", b"", page, flags=re.DOTALL)


def main() -> None:
    """Write every file, and take away what is no longer made."""
    for name in PROFILES:
        folder = GOLDEN / name
        folder.mkdir(parents=True, exist_ok=True)
        made = {file: data for one in returns_of(desk_in(world_of(name), name)) for file, data in kept(one).items()}
        for old in folder.iterdir():
            old.unlink()
        for file, data in made.items():
            (folder / file).write_bytes(data)
        print(f"{folder}: {len(made)} files")


if __name__ == "__main__":
    main()
