"""Whether the drop folder can be used, and what waits in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from mbls_adapter_integris_csv.drop_folder import DONE, waiting_files
from mbls_sync.api import HealthReport


def look_at(folder: Path, now: datetime, stale_after: timedelta) -> Iterator[HealthReport]:
    """Look at everything the adapter needs; change nothing."""
    name = f"drop folder {folder}"
    if not folder.is_dir():
        yield HealthReport(name, False, "there is no such folder", f"make it, or correct `folder`: mkdir -p {folder}")
        return
    if not os.access(folder, os.R_OK | os.X_OK):
        yield HealthReport(name, False, "it cannot be read", "let this program's user read and enter it")
        return
    if os.access(folder, os.W_OK):
        yield HealthReport(name, True, "it can be read and tidied")
    else:
        yield HealthReport(
            name,
            True,
            "it can be read and not written: files stay where they lie and their content tells which are new",
        )
    yield _freshness(name, folder, now, stale_after)


def _freshness(name: str, folder: Path, now: datetime, stale_after: timedelta) -> HealthReport:
    waiting = waiting_files(folder)
    if waiting:
        return HealthReport(name, True, f"{len(waiting)} files wait for the next pull")
    days = sorted(day.name for day in (folder / DONE).iterdir()) if (folder / DONE).is_dir() else []
    if not days:
        return HealthReport(name, True, "nothing has been put in yet")
    try:
        last = datetime.fromisoformat(days[-1]).replace(tzinfo=now.tzinfo)
    except ValueError:
        return HealthReport(name, True, "no file waits")
    if now - last > stale_after:
        return HealthReport(
            name,
            False,
            f"nothing has come since {last:%d/%m/%Y}",
            "look whether the export still runs; in a holiday, wait",
        )
    return HealthReport(name, True, f"no file waits; the last came on {last:%d/%m/%Y}")
