"""Packets a second, cold and warm, and the memory they take.

    python tests/bench/bench_packets.py

Every kind of packet about pupils of the synthetic school: evidence gathered, laid out, linted, set as tagged PDF,
with CSV, JSON, checklist and manifest. Cold is the first packet of a process. Nothing is asserted: the figures stand
beside the budget.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from dataclasses import replace  # noqa: E402 - the tests' helpers lie above this folder

from mbls_sync.delivery.packets import packet_files  # noqa: E402
from tests.acceptance.renew_golden_packets import PSEUDONYM, a_referral, the_desk  # noqa: E402
from tests.returns_school import registry  # noqa: E402

BUDGET_SECONDS, PUPILS = 0.3, 12


def main() -> None:
    """Print a line for each kind."""
    desk = the_desk()
    worst = sorted(desk.histories.values(), key=lambda history: -history.figures.unauthorised)[:PUPILS]
    before = _memory()
    cold = True
    for kind, builder in registry().packets.items():
        spent = []
        for history in worst:
            referral = replace(a_referral(desk, kind), pupil=history.pupil.id)
            start = time.perf_counter()
            packet_files(desk, referral, builder, PSEUDONYM)
            spent.append(time.perf_counter() - start)
        if cold:
            print(f"the first packet of a process: {spent[0]:.3f} s")
            cold = False
        warm = statistics.median(spent[1:])
        print(f"{kind:24} {warm:.3f} s each, {1 / warm:5.1f} a second (budget {BUDGET_SECONDS:g} s each)")
    print(f"peak {_memory():.0f} MB, {_memory() - before:.0f} MB more than the school alone")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
