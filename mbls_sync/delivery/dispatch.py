"""Writes everything that stands open onto paper: list, keying sheet, letters and sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.drafts import drafts_of
from mbls_sync.delivery.in_one import write_in_one
from mbls_sync.delivery.keying_sheet import write_keying_sheet
from mbls_sync.delivery.letters import clear_letters, write_letter
from mbls_sync.delivery.sheets import write_advice_sheets, write_block_sheets, write_report_sheets, write_row_sheets
from mbls_sync.delivery.task_list import build
from mbls_sync.delivery.task_list_files import write_task_list
from mbls_sync.errors import MblsError, in_words
from mbls_sync.model.deliveries import Effect, Kind, Mode, State
from mbls_sync.store import outbox
from mbls_sync.store.database import Store


@dataclass(frozen=True)
class Folders:
    """Where papers go. `shared` is the school's drive; `letters` holds the templates."""

    out: Path
    templates: Path
    shared: Path | None = None
    task_list: Path | None = None


@dataclass(frozen=True, slots=True)
class Papers:
    """The files that were written, and in words what could not be."""

    files: tuple[Path, ...]
    problems: tuple[str, ...]


def write_papers(desk: Desk, folders: Folders) -> Papers:
    """The task list, keying sheet, letters and sheets as they stand now. One that fails stops no other."""
    shared = folders.shared if folders.shared is not None and desk.mode is not Mode.SHADOW else folders.out
    tasks = build(desk)
    jobs: list[Callable[[], list[Path]]] = [
        lambda: write_task_list(tasks, folders.out),
        lambda: write_keying_sheet(desk, folders.out),
        lambda: write_block_sheets(desk, folders.out),
        lambda: write_advice_sheets(desk, folders.out / "advice"),
        lambda: write_report_sheets(desk, folders.out / "reports"),
        lambda: write_row_sheets(desk, shared),
    ]
    if folders.task_list is not None:
        jobs.append(lambda: write_task_list(tasks, folders.task_list or folders.out))
    drafts = folders.out / "letters"
    jobs.append(partial(_without_old_letters, desk, drafts))
    jobs += [partial(write_letter, draft, desk, folders.templates, drafts) for draft in drafts_of(desk)]
    jobs.append(partial(write_in_one, desk, folders.templates, drafts))
    return write_all(jobs)


def write_all(jobs: Iterable[Callable[[], list[Path]]]) -> Papers:
    """Do every job; one that fails is a problem and stops no other."""
    files: list[Path] = []
    problems: list[str] = []
    for job in jobs:
        try:
            files += job()
        except (MblsError, OSError) as error:
            problems.append(in_words(error) if isinstance(error, OSError) else str(error))
    return Papers(tuple(files), tuple(problems))


def _without_old_letters(desk: Desk, folder: Path) -> list[Path]:
    clear_letters(desk, folder)
    return []


def sheets_written(store: Store, effects: Sequence[Effect], now: datetime, fence: int) -> int:
    """Record that the planned rows stand on their sheets now; how many there were."""
    rows = [e for e in effects if e.kind is Kind.SHEET_ROW and e.state in (State.PLANNED, State.APPROVED)]
    with store.begin() as tx:
        for row in rows:
            expect = (State.PLANNED, State.APPROVED)
            outbox.move(
                tx, row.key, State.VERIFIED, reason="it stands on its sheet", now=now, expect=expect, fence=fence
            )
    return len(rows)
