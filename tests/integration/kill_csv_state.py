"""What two schools must share, one of them killed and restarted, the other undisturbed: all but the moments."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from mbls_sync.model.registers import PageGrid
from mbls_sync.store import audit, outbox, people, proof, quarantine, registers
from mbls_sync.store.database import Store
from mbls_sync.store.schema import cursor, item
from mbls_sync.store.schema import ledger as entries
from mbls_sync.store.transaction import Tx

STAMP = re.compile(r"^\d{6}b?(?:\.\d+)?-")
"""When a file was put away, which a kill may delay."""


def what_is_there(folder: Path, store: Store) -> dict[str, Any]:
    """Everything, each part as a list of texts."""
    with store.read() as tx:
        return {
            "broken": list(proof.verify(tx).problems),
            "marks": list(_marks(tx)),
            "ledger": _ledger(tx),
            "audit": _audit(tx),
            "effects": [f"{e.key} {e.kind} {e.state} {e.pupil} {e.because.rule}: {e.reason}" for e in outbox.load(tx)],
            "inputs": _inputs(tx),
            "cursors": _cursors(tx),
            "quarantine": [f"{q.row.source}:{q.row.line} {q.row.reason}" for q in quarantine.open_rows(tx)],
            "waiting": _files(folder / "inbox", top=True),
            "done": _files(folder / "inbox" / "done"),
            "refused": _files(folder / "inbox" / "quarantine"),
            "papers": [f"{path.relative_to(folder)} {_hash(path)}" for path in _papers(folder)],
        }


def differences(found: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """In words; each line that one of the two has more often than the other."""
    said = []
    for part, lines in wanted.items():
        missing, more = Counter(lines) - Counter(found[part]), Counter(found[part]) - Counter(lines)
        said += [f"{part}: lost: {line}" for line in missing.elements()]
        said += [f"{part}: twice or new: {line}" for line in more.elements()]
    return [*found["broken"], *said]


def _marks(tx: Tx) -> Iterator[str]:
    for year in registers.years(tx):
        held = registers.load(tx, year)
        told = registers.details(tx, year)
        for pupil, page in held.pages.items():
            for slot, byte in enumerate(page):
                if byte:
                    detail = told.get((pupil, slot), "")
                    yield f"{pupil} {PageGrid(year).session(slot)} {held.encoding.code(byte)} {detail}"


def _ledger(tx: Tx) -> list[str]:
    who = {name: pupil for pupil, name in people.pseudonyms(tx).items()}
    rows = tx.connection.execute(select(entries).where(entries.c.school == tx.school))
    return sorted(f"{row.year} {row.kind} {who[row.person]} {row.source} {row.body}" for row in rows)


def _audit(tx: Tx) -> list[str]:
    who = {name: pupil for pupil, name in people.pseudonyms(tx).items()}
    lines = []
    for entry in audit.entries(tx):
        text = f"{entry.kind} {entry.ref} {json.dumps(dict(entry.detail), sort_keys=True)}"
        for name, pupil in who.items():
            text = text.replace(name, pupil)
        lines.append(text)
    return sorted(lines)


def _inputs(tx: Tx) -> list[str]:
    rows = tx.connection.execute(select(item).where(item.c.school == tx.school))
    return sorted(f"{row.resource} {row.key} {row.version} {row.payload} {row.source}" for row in rows)


def _cursors(tx: Tx) -> list[str]:
    rows = tx.connection.execute(select(cursor).where(cursor.c.school == tx.school))
    return sorted(f"{row.stream} {row.cursor.split(':')[1]}" for row in rows)


def _files(folder: Path, *, top: bool = False) -> list[str]:
    """Names as they came, and what is in them."""
    found = folder.iterdir() if top else folder.rglob("*")
    return sorted(f"{STAMP.sub('', path.name)} {_hash(path)}" for path in found if path.is_file())


def _papers(folder: Path) -> list[Path]:
    found = [*(folder / "out").rglob("*"), *(folder / "shared").rglob("*")]
    return sorted(path for path in found if path.is_file())


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
