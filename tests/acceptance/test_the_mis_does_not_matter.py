"""The same school, by CSV or over HTTP, gives the same papers, to the byte."""

import hashlib

import pytest

from mbls_sync.cli.demo import ByCommand, Kind, holding
from mbls_sync.demo.run import run as play


def papers(folder):
    """Every paper by the hash of its content: figures, tasks, letters, returns, packets."""
    out = folder / "out"
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


@pytest.mark.timeout(400)
def test_by_csv_and_over_rest_a_school_gets_the_same_papers(tmp_path):
    said = {}
    for kind in (Kind.CSV, Kind.REST):
        lines = said.setdefault(kind, [])
        with holding(kind) as mis:
            play(tmp_path / kind, 1, ByCommand(), lines.append, mis, pupils=120)
    assert said[Kind.CSV] == said[Kind.REST]
    by_csv, over_rest = papers(tmp_path / Kind.CSV), papers(tmp_path / Kind.REST)
    kinds = {name.split("/")[0].split("_")[0].split(".")[0] for name in by_csv}
    assert {"task-list", "keying-sheet", "fire-list", "returns", "packets", "letters"} <= kinds
    assert by_csv == over_rest
