"""Two figures for one thing is what an LA sends back: every percentage that a person reads is rounded in one place."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = re.compile(r"\bquantize\(|\bROUND_|\bround\(100\b")


def test_no_plugin_and_no_paper_rounds_a_percentage_for_itself() -> None:
    files = [*ROOT.glob("plugins/*/mbls_*/**/*.py"), *ROOT.glob("mbls_sync/delivery/*.py")]
    files += ROOT.glob("mbls_sync/render/*.py")
    assert len(files) > 50
    assert [str(file) for file in files if ROUNDS.search(file.read_text(encoding="utf-8"))] == []
