"""152,000 marks over loopback HTTP: ours, pulled and stored, beside dlt's rest_api and a bare loop with a bare insert.

Each contestant runs in a process of its own against the same server, so that its memory is its own. It prints seconds,
peak memory and ratios for pages of 200, 500 and 1000 rows, and for a second pull of what has not changed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from rest_server import MARKS, marks_server
from rich.console import Console
from rich.table import Table

PAGES = (200, 500, 1000)
OURS, BARE = "ours", ("bare, insert a page", "bare, insert at the end")
PEERS = ("dlt duckdb", "dlt duckdb parquet", "dlt sqlite")
AIM_OF_DLT, AIM_OF_BARE = 5.0, 1.5
RUNNER = Path(__file__).with_name("rest_runners.py")


def main() -> None:
    """Run and print. Arguments: the page sizes, else all three."""
    sizes = tuple(map(int, sys.argv[1:])) or PAGES
    table = Table(title=f"{MARKS:,} marks, pulled and stored: seconds (again, unchanged) and peak MB")
    for column in ("page", "contestant", "first", "again", "cpu", "peak MB", "times ours", "cpu times ours"):
        table.add_column(column, justify="left" if column == "contestant" else "right")
    verdicts: list[str] = []
    peaks: dict[int, float] = {}
    with marks_server() as url:
        for size in sizes:
            found = {name: run(name, url, size) for name in (*BARE, OURS, *PEERS)}
            ours = found[OURS]
            peaks[size] = ours["peak"]
            for name, result in found.items():
                cells = [f"{result[key]:.2f}" for key in ("first", "again", "cpu")] + [f"{result['peak']:.0f}"]
                cells += [f"{result[key] / ours[key]:.2f}" for key in ("first", "cpu")]
                table.add_row(str(size), name, *cells)
            best = min(found[name]["first"] for name in PEERS) / ours["first"]
            by_page, at_end = (ours["first"] / found[name]["first"] for name in BARE)
            verdicts.append(
                f"pages of {size}: {best:.1f} times faster than dlt's best (aim {AIM_OF_DLT:g}), "
                f"{by_page:.2f} of a bare loop that is as safe (aim {AIM_OF_BARE:g}), "
                f"{at_end:.2f} of one that stores at the end"
            )
    console = Console(width=120)
    console.print(table)
    for verdict in verdicts:
        console.print(verdict)
    console.print(f"memory from the fewest to the most pages: {peaks[sizes[-1]]:.0f} MB to {peaks[sizes[0]]:.0f} MB")


def run(name: str, url: str, size: int) -> dict[str, float]:
    """One contestant in a fresh process and folder: seconds of two pulls, and its peak in MB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(RUNNER), name, url, str(size), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr[-2000:]}")
        result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return result


if __name__ == "__main__":
    main()
