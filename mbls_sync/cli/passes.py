"""Makes one pass by hand, as the only writer of the school, and says what it did."""

from __future__ import annotations

import fcntl
import shlex
import socket
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from mbls_sync.cli.main import DONE, NEEDS_A_PERSON, UNREACHABLE
from mbls_sync.cli.show import Format, say, show, warn
from mbls_sync.cli.wiring import Office
from mbls_sync.engine.limits import CODES, OLD_DAYS, OVER_CAP
from mbls_sync.errors import StoreError
from mbls_sync.model.deliveries import State
from mbls_sync.model.proposals import RaiseTask
from mbls_sync.pipeline.one_pass import run_pass
from mbls_sync.pipeline.parts import COUNTS, PassReport
from mbls_sync.store import audit, leases, quarantine
from mbls_sync.store.database import Store

LEASE = timedelta(minutes=10)
"""Longer than any pass by hand takes. Where a process dies, a restart on the same machine takes the lease anew."""

SHOWN = 10
"""How many rows of one file are told to a person at a screen; the rest are counted."""

LOCK = "writer.lock"
"""The file in the data folder that the one who works holds."""


def one_pass(office: Office, do: frozenset[str], what: str) -> PassReport:
    """Make one pass, alone. Raises StoreError where another process is at work for this school."""
    # Before the store is opened, which brings it up to date: the earlier version can still be gone back to.
    office.refuse_gaps()
    with only_one(office), office.store() as store, writing(office, store) as fence, working(what):
        audit_what_is_left_out(office, store)
        return run_pass(office.inputs(store, do, fence))


def tell(office: Office, report: PassReport, form: Format = Format.TABLE) -> None:
    """Print what a pass did. Raises typer.Exit with the code that README.md promises."""
    counts = [{"count": name, "of": COUNTS[name], "number": n} for name, n in report.counts.items() if n]
    show(counts, ("count", "of", "number"), form, head={"run": report.run, "problems": list(report.problems)})
    for problem in (*report.problems, *report.pulled.warnings, *held_back(report)):
        warn(problem)
    if form is Format.TABLE:
        for file in report.files:
            say(str(file))
    _tell_quarantined(office, (*report.problems, *report.pulled.warnings), SHOWN if form is Format.TABLE else None)
    code = exit_code(report)
    if code != DONE:
        raise typer.Exit(code)


def held_back(report: PassReport) -> Iterator[str]:
    """Why marks wait for a person before they are written, where any do: as the task about it says."""
    tasks = (effect.proposal for effect in report.effects if effect.state is State.PLANNED)
    held = (task for task in tasks if isinstance(task, RaiseTask) and task.kind in (OVER_CAP, OLD_DAYS, CODES))
    for task in held if report.counts.get("waiting") else ():
        yield f"marks are held back: {task.why} ({task.title})"


def exit_code(report: PassReport) -> int:
    """3 where a source could not be reached, 1 where rows or marks need a person, else 0."""
    if report.unreachable:
        return UNREACHABLE
    return NEEDS_A_PERSON if report.needs_a_person else DONE


@contextmanager
def only_one(office: Office) -> Iterator[None]:
    """Be the only mbls-sync at work in this folder. A process that dies lets go by itself."""
    folder = office.settings.data_folder
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreError(
                f"another mbls-sync is at work in {office.settings.folder} (the daemon, or a command by hand); "
                f"two would do things twice: wait for it, or stop it first"
            ) from None
        yield


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that work goes on, and for how long."""
    screen = Console(stderr=True)
    if not sys.stderr.isatty():
        yield
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        progress.add_task(what, total=None)
        yield


@contextmanager
def writing(office: Office, store: Store) -> Iterator[int]:
    """Be the school's writer among all machines."""
    with store.begin() as tx:
        fence = leases.acquire(tx, machine(), office.clock(), LEASE)
        holder = leases.holder(tx)
    if fence is None:
        name, until = holder or ("another machine", office.clock())
        raise StoreError(f"{name} is the writer for this school until {until.isoformat()}; stop it there, or wait")
    try:
        yield fence
    finally:
        with store.begin() as tx:
            leases.release(tx, fence)


def machine() -> str:
    """This machine's name, as the lease shows it."""
    return socket.gethostname()


def audit_what_is_left_out(office: Office, store: Store) -> None:
    """Say aloud, and in the audit, which plugins this start does without."""
    for plugin in office.registry.without:
        warn(f"plugin {plugin!r} is left out by --without: its duties are not judged in this pass")
        with store.begin() as tx:
            audit.append(tx, "plugin.left_out", plugin, {"plugin": plugin}, office.clock())


def _tell_quarantined(office: Office, told: Collection[str], most: int | None) -> None:
    """Each row that waits for a person, up to `most` of a file: a column that slipped makes thousands alike."""
    with office.store() as store, store.read() as tx:
        rows = quarantine.open_rows(tx)
        for source in dict.fromkeys(found.row.source for found in rows):
            mine = [found.row for found in rows if found.row.source == source]
            for row in mine[:most]:
                if f"{source}: {row.reason}" not in told:
                    warn(f"quarantined: {source}:{row.line}: {row.reason}")
            if most is not None and len(mine) > most:
                left = f"{len(mine) - most} more rows, which `mbls-sync pull --format json` lists"
                warn(f"quarantined: {source}: and {left}, as does the note in a drop folder's quarantine")
            warn(f"{source}: told until it comes clean, or: mbls-sync pull --settle {shlex.quote(source)}")
        for pull in quarantine.held(tx):
            right = f"if it is right: mbls-sync pull --release {pull.id}"
            wrong = f"if it is not, take the file away, and: mbls-sync pull --settle {shlex.quote(pull.source)}"
            warn(f"held: {pull.source}: {pull.reason}; {right}; {wrong}")
