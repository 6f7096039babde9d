"""A term's returns: judged, laid out, linted and written, for one school and for a hundred; and the memory it took.

Every return of Central Bedfordshire's profile for the synthetic school of 400 pupils. A hundred schools are a hundred
seeds; `--schools N` takes another number. Nothing is asserted: the figures stand beside the budget.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from mbls_sync.delivery.returns import write_return  # noqa: E402 - the tests' helpers lie above this folder
from tests.returns_school import desk_in, made, registry, returns_of, world_of  # noqa: E402

PROFILE = "central-bedfordshire"
BUDGET_SECONDS_A_SCHOOL = 10


def main() -> None:
    """Print one line for the first school and one for all."""
    schools = int(sys.argv[sys.argv.index("--schools") + 1]) if "--schools" in sys.argv else 100
    registry()
    spent: list[float] = []
    rows = files = size = 0
    with TemporaryDirectory() as folder:
        for seed in range(1, schools + 1):
            world = world_of(PROFILE, seed)
            made.cache_clear()
            start = time.perf_counter()
            desk = desk_in(world, PROFILE)
            for one in returns_of(desk):
                written = write_return(desk, one.due, registry().returns[one.due.name], Path(folder) / str(seed))
                rows, files = rows + len(one.table.rows), files + len(written)
                size += sum(path.stat().st_size for path in written)
            spent.append(time.perf_counter() - start)
            if seed == 1:
                print(f"one school: {spent[0]:.2f} s, {rows} rows, {files} files, {size / 1e3:.0f} kB; {_memory()}")
    print(
        f"{schools} schools: {sum(spent):.1f} s ({sum(spent) / schools:.2f} s a school, slowest {max(spent):.2f} s; "
        f"budget {BUDGET_SECONDS_A_SCHOOL} s), {rows} rows, {files} files, {size / 1e6:.1f} MB; {_memory()}"
    )


def _memory() -> str:
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


if __name__ == "__main__":
    main()
