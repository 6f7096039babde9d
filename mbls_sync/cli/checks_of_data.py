"""What `check` looks at in the data: store, ledger, codes in the register, quarantine, dates of birth, the clock."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from mbls_sync import health
from mbls_sync.cli.checks import NOTE, OK, PROBLEM, Line, Look
from mbls_sync.cli.purge import due
from mbls_sync.cli.wiring import Office
from mbls_sync.errors import StoreError
from mbls_sync.model.registers import RegisterPages
from mbls_sync.policy.event_kinds import nearest
from mbls_sync.store import inputs, proof, purge, quarantine, registers
from mbls_sync.store.database import Store, Tx, open_store
from mbls_sync.store.encodings import encoding

SHOWN = 5
"""How many of many are named; the rest are counted."""

QUARANTINE = "quarantine"
"""The line about rows and pulls that wait for a person: the data is to be mended, and the set-up is well."""

SKEW = timedelta(minutes=5)


def data(office: Office) -> Iterator[Line]:
    """Open the store as it is, and look at what it holds."""
    file = office.settings.data_folder / "mbls-sync.sqlite3"
    if office.settings.database_url is None and not file.exists():
        yield Line(NOTE, "store", f"{file} is not there yet", "the first `mbls-sync pull` makes it")
        return
    try:
        store = open_store(office.settings.database, office.settings.school.id, migrate=False, wait_seconds=5)
    except StoreError as error:
        yield Line(PROBLEM, "store", f"{office.settings.shown_database}: {error}")
        return
    try:
        yield from _of_store(office, store)
    finally:
        store.close()


def _of_store(office: Office, store: Store) -> Iterator[Line]:
    with store.read() as tx:
        yield Line(OK, "store", f"{office.settings.shown_database}: {_engine(tx)}")
        yield from _ledger(office, tx)
        yield from _codes(office, tx)
        yield from _quarantined(tx)
        yield from _births(office, tx)
        yield from _kinds(office, tx)
    yield from _retention(office, store)


def _retention(office: Office, store: Store) -> Iterator[Line]:
    """Whether anything is kept beyond its term."""
    cut = due(office, store).cut
    with store.read() as tx:
        rows = sum(part.count(tx) for part in purge.parts(tx, cut))
    if rows:
        says = f"{rows} rows are over their term (UK GDPR Article 5(1)(e))"
        yield Line(NOTE, "retention", says, "`mbls-sync purge --dry-run` names them, `mbls-sync purge` drops them")
    else:
        yield Line(OK, "retention", "nothing is kept beyond its term")


def _engine(tx: Tx) -> str:
    """Which database this is, and how it keeps its journal."""
    if tx.connection.dialect.name == "sqlite":
        version = tx.connection.exec_driver_sql("select sqlite_version()").scalar_one()
        journal = tx.connection.exec_driver_sql("pragma journal_mode").scalar_one()
        return f"SQLite {version}, journal {journal}"
    version = tx.connection.exec_driver_sql("show server_version").scalar_one()
    return f"PostgreSQL {version}"


def _ledger(office: Office, tx: Tx) -> Iterator[Line]:
    found = proof.verify_signed(tx, office.signing_key())
    if found.ok:
        yield Line(OK, "ledger", f"{found.entries} entries, each proved")
    for problem in found.problems[:SHOWN]:
        yield Line(PROBLEM, "ledger", problem, "restore the last backup, or ask who changed the database by hand")


def _codes(office: Office, tx: Tx) -> Iterator[Line]:
    """Codes that the register holds and the national set does not know."""
    known, held = set(office.codebook.codes), encoding(tx)
    strange = {byte: code for byte, (code, _) in held.pairs.items() if code not in known}
    file = office.settings.config_folder / "codes.yaml"
    counted = _marks_of(tx, strange) if strange else Counter()
    for code, count in sorted(counted.items()):
        says = f"{count} marks in the register carry {code!r}, which {file} does not know"
        yield Line(PROBLEM, "codes", says, "correct the marks in the MIS, or add the code with its meaning and source")
    if not counted:
        yield Line(OK, "codes", "every code in the register is known")


def _marks_of(tx: Tx, strange: Mapping[int, str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for year in registers.years(tx):
        pages: RegisterPages = registers.load(tx, year)
        for page in pages.pages.values():
            for byte, code in strange.items():
                found[code] += page.count(byte)
    return +found


def _quarantined(tx: Tx) -> Iterator[Line]:
    rows = quarantine.open_rows(tx)
    for found in rows[:SHOWN]:
        mend = "correct it in the MIS and export again; the row is taken when it comes clean"
        yield Line(PROBLEM, QUARANTINE, f"{found.row.source}:{found.row.line}: {found.row.reason}", mend)
    if len(rows) > SHOWN:
        mend = "`mbls-sync pull --format json` lists them all"
        yield Line(PROBLEM, QUARANTINE, f"and {len(rows) - SHOWN} more rows", mend)
    held = quarantine.held(tx)
    for pull in held:
        mend = (
            f"if it is right, let it through: mbls-sync pull --release {pull.id}; if not, take it away, and: "
            f"mbls-sync pull --settle {shlex.quote(pull.source)}"
        )
        yield Line(PROBLEM, QUARANTINE, f"{pull.source} is held: {pull.reason}", mend)
    if not rows and not held:
        yield Line(OK, QUARANTINE, "no row waits for a person")


def _births(office: Office, tx: Tx) -> Iterator[Line]:
    today = office.local_now().date()
    missing = [pupil.id for pupil in inputs.roll(tx) if pupil.on_roll(today) and pupil.born is None]
    if not missing:
        yield Line(OK, "roll", "every pupil on roll has a date of birth")
        return
    more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    says = f"{len(missing)} pupils on roll have no date of birth and count as of compulsory school age: "
    yield Line(NOTE, "roll", says + ", ".join(missing[:SHOWN]) + more, "add their dates of birth in the MIS")


def _kinds(office: Office, tx: Tx) -> Iterator[Line]:
    """Events that came by file under a word that nothing reads."""
    known = office.event_kinds
    for kind, count in sorted(Counter(event.kind for event in inputs.events(tx) if event.kind not in known).items()):
        near = nearest(kind, known)
        says = f"{count} event{'' if count == 1 else 's'} of the kind {kind!r}, which no rule, letter or packet reads"
        mend = (
            f"record {near[0]} where that was meant; else add the kind to events.yaml"
            if near
            else "add it to events.yaml"
        )
        yield Line(NOTE, "events", says, mend)


def clock(office: Office) -> Iterator[Line]:
    """The machine's clock is not behind what was done before."""
    now = office.local_now()
    sign = health.read(office.settings.data_folder / health.FILE)
    newest = max((moment for moment in _moments(office.settings.data_folder) if moment > 0), default=0.0)
    if newest > (now + SKEW).timestamp():
        says = f"the clock says {now:%Y-%m-%d %H:%M}, which is before the last change of the data"
        yield Line(PROBLEM, "clock", says, "set the clock, best by NTP; every deadline is counted by it")
    else:
        yield Line(OK, "clock", f"{now:%Y-%m-%d %H:%M} ({office.settings.zone})")
    if sign is not None and (complaint := health.complaint(sign, now)):
        yield Line(NOTE, "daemon", complaint)


def _moments(folder: Path) -> Iterator[float]:
    for name in ("mbls-sync.sqlite3", health.FILE):
        try:
            yield (folder / name).stat().st_mtime
        except OSError:
            continue


LOOKS: Mapping[str, Look] = {"store": data, "clock": clock}
