"""Whether the drop folder can be used, and what waits in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from mbls_adapter_integris_csv.drop_folder import DONE, QUARANTINE, waiting_files
from mbls_sync.api import HealthReport, SchoolCalendar


def look_at(folder: Path, now: datetime, stale_after: timedelta, calendar: SchoolCalendar) -> Iterator[HealthReport]:
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
    yield from _passed_over(name, folder)
    yield _freshness(name, folder, now.astimezone(calendar.zone).date(), stale_after, calendar)


def _passed_over(name: str, folder: Path) -> Iterator[HealthReport]:
    """Folders within the drop folder: nobody looks into them, whatever they are called."""
    for inner in sorted(path.name for path in folder.iterdir() if path.is_dir()):
        if inner not in (DONE, QUARANTINE) and not inner.startswith("."):
            says = f"{inner} is a folder, and is passed over with all that lies in it"
            yield HealthReport(name, True, says, "if exports lie in it, put the files themselves into the drop folder")


def _freshness(name: str, folder: Path, today: date, stale_after: timedelta, calendar: SchoolCalendar) -> HealthReport:
    """How long nothing has come. Silence breaks nothing, so it is a matter to look at; in a holiday, not even that."""
    waiting = waiting_files(folder)
    if waiting:
        return HealthReport(name, True, f"{len(waiting)} files wait for the next pull")
    days = sorted(day.name for day in (folder / DONE).iterdir()) if (folder / DONE).is_dir() else []
    if not days:
        return HealthReport(name, True, "nothing has been put in yet")
    try:
        last = date.fromisoformat(days[-1])
    except ValueError:
        return HealthReport(name, True, "no file waits")
    missed = sum(last < day < today for day in calendar.school_days)
    if today - last > stale_after and missed:
        says = f"nothing has come since {last:%d/%m/%Y}, and {missed} school days have passed"
        return HealthReport(name, True, says, "look whether the export still runs")
    return HealthReport(name, True, f"no file waits; the last came on {last:%d/%m/%Y}")
