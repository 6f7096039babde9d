"""The same school, by CSV, over REST or through Wonde, gives the same papers, to the byte."""

import hashlib

from mbls_sync.cli.demo import ByCommand, Kind, holding
from mbls_sync.cli.wiring import open_office
from mbls_sync.demo.run import run as play
from mbls_sync.store import outbox

SEED, PUPILS = 5, 50
"""A school of this seed has every kind of paper, packets too; many have none on the day."""


def papers(folder):
    """Every paper by the hash of its content: figures, tasks, letters, returns, packets."""
    out = folder / "out"
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def decisions(folder):
    """Every effect, whatever its state."""
    with open_office(folder).store() as store, store.read() as tx:
        return {e.key: (e.kind, e.state, e.because.rule, e.proposal) for e in outbox.load(tx)}


def counted(folder, run):
    """The figures of each pupil and of the school, as printed."""
    at = ("--at", "2026-11-17T09:16")
    return [run("-C", folder, "figures", "--by", by, *at).out for by in ("pupil", "school")]


def test_by_csv_over_rest_and_through_wonde_a_school_gets_the_same_papers(tmp_path, run):
    said, found, decided, figures = {}, {}, {}, {}
    for kind in Kind:
        lines = said.setdefault(kind, [])
        with holding(kind) as mis:
            play(tmp_path / kind, SEED, ByCommand(), lines.append, mis, pupils=PUPILS)
        found[kind], decided[kind] = papers(tmp_path / kind), decisions(tmp_path / kind)
        figures[kind] = counted(tmp_path / kind, run)
    kinds = {name.split("/")[0].split("_")[0].split(".")[0] for name in found[Kind.CSV]}
    assert {"task-list", "keying-sheet", "fire-list", "returns", "packets", "letters"} <= kinds
    for kind in (Kind.REST, Kind.WONDE):
        assert said[kind] == said[Kind.CSV]
        assert figures[kind] == figures[Kind.CSV]
        assert decided[kind] == decided[Kind.CSV]
        assert found[kind] == found[Kind.CSV]
