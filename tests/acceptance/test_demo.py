"""A newcomer types one command and holds what the attendance officer, the LA and the EWO would receive."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from mbls_sync.cli.demo import ByCommand
from mbls_sync.demo.run import run as play


def _bytes_of(folder: Path) -> dict[str, str]:
    """Every file by the hash of its content. A database's own pages are no promise: its ids of rows are not seen."""
    files = (path for path in folder.rglob("*") if path.is_file() and "data" not in path.relative_to(folder).parts)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_demo_names_files_that_are_there(run, tmp_path):
    ended = run("demo", tmp_path / "one", "--seed", 1)
    assert ended.code == 0, ended.err
    named = [Path(line.strip()) for line in (ended.out + ended.err).splitlines() if line.startswith("  /")]
    assert all(path.is_file() for path in named)
    kinds = " ".join(path.name for path in named)
    for wanted in (r"task-list\.html", r"keying-sheet", r"fire-list", r"register-check.*\.xlsx", r"ewo_.*\.zip"):
        assert re.search(wanted, kinds), f"{wanted} is not among {kinds}"
    assert "9.16 again: 0 effects changed" in ended.out + ended.err


def test_the_same_seed_gives_the_same_bytes_again(tmp_path):
    for name in ("one", "two"):
        play(tmp_path / name, 5, ByCommand(), lambda _: None, pupils=50)
    one, two = _bytes_of(tmp_path / "one"), _bytes_of(tmp_path / "two")
    for kind in ("letters", "packets", "returns"):
        assert any(name.startswith(f"out/{kind}/") for name in one), f"the promise is about {kind} too"
    assert one == two
