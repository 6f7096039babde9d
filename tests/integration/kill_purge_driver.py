"""Kills a purge of a real school at its n-th step; judges what is left, and what the next purge makes of it.

Run as `python kill_purge_driver.py FOLDER [--every N] [--mutant NAME]`; prints JSON. The school has made its passes,
written papers, letters and a leaver's packet, and given a file away; then eight years go by, and a restore gives every
file a new date. After a kill everything that is left must still prove; after the next purge the school must be the one
that an undisturbed purge leaves, and each class must have been dropped once.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from forks import in_child
from kill_csv_driver import LONDON, Case, in_child_value, killed_at
from kill_csv_school import DAY, upn
from sqlalchemy import func, select

from mbls_sync.cli import packet_asked, purge
from mbls_sync.cli.desks import desk_now
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery import over_term
from mbls_sync.delivery.documents import Document
from mbls_sync.model.deliveries import State
from mbls_sync.model.happenings import Event
from mbls_sync.store import audit, disclosures, inputs, outbox, people, proof, tombstones
from mbls_sync.store.disclosures import Disclosure
from mbls_sync.store.purge import DROPPED
from mbls_sync.store.schema import metadata

LATER = datetime(2034, 9, 4, 10, tzinfo=LONDON)
LEAVER = upn(2)
MUTANTS = ("manifest-first", "files-last")
APART = ("audit", "chain_head", "lease", "meta", "schedule")
"""Tables that grow with every purge, or hold no pupil's data."""


def settled(case: Case) -> None:
    """The school after its last pass: a packet, a file given away, nothing open, a leaver."""
    office = case.office(30)
    with office.store() as store:
        desk = desk_now(office, store)
        packet_asked.filed(office, store, desk, packet_asked.referrals(desk, "ewo", LEAVER))
        with store.begin() as tx:
            now = office.local_now()
            name = people.pseudonym(tx, LEAVER)
            disclosures.record(tx, Disclosure("d", "la", "LA", "duty", "f", "00", {}, (name,), "x", now))
            gone = next(pupil for pupil in inputs.roll(tx) if pupil.id == LEAVER)
            inputs.append(tx, [replace(gone, left=DAY)], now, "pupils.csv")
            inputs.append(tx, [Event(now, "case-closed", pupil.id) for pupil in inputs.roll(tx)], now, "test")
            for effect in outbox.load(tx, only_open=True):
                outbox.move(tx, effect.key, State.WITHDRAWN, reason="over", now=now, expect=(effect.state,))
    (case.folder / "out" / "extracts").mkdir()
    (case.folder / "out" / "extracts" / f"register-extract-{DAY}-0930-otters.pdf").write_bytes(b"x")


def restored(folder: Path, at: datetime) -> None:
    """Every file has the date of the restore."""
    for path in folder.rglob("*"):
        os.utime(path, (at.timestamp(), at.timestamp()))


def office_later(case: Case) -> Office:
    """The office as it opens when every term is over."""
    return open_office(case.folder, clock=lambda: LATER)


def purged(case: Case, mutant: str, kill: int = 0) -> None:
    """One purge in this process, killed at step `kill`."""
    mutate(mutant)
    office = office_later(case)
    with killed_at(kill), office.store() as store:
        purge.carry_out(office, store)


def mutate(mutant: str) -> None:
    """Make this process the mutant."""
    names_of, dropped = over_term.names_of, purge._dropped

    def manifest_first(document: Document) -> tuple[str, ...]:
        return tuple(reversed(names_of(document)))

    def files_last(found: Any, *more: Any) -> Iterator[Any]:
        remove = vars(purge)["remove"]
        vars(purge)["remove"] = lambda *_: 0
        yield from dropped(found, *more)
        yield {"what": "files", "rows": remove(found.office.settings.out_folder, found.papers, found.working_papers)}

    if mutant == "manifest-first":
        vars(over_term)["names_of"] = manifest_first
    elif mutant == "files-last":
        vars(purge)["_dropped"] = files_last


def state(case: Case) -> dict[str, Any]:
    """All that must be as an undisturbed purge leaves it, each part as a list of texts."""
    office = office_later(case)
    with office.store() as store, store.read() as tx:
        rows = {
            table.name: tx.connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in APART
        }
        stated = [e for kind in (DROPPED, tombstones.PURGED) for e in audit.entries(tx, kind=kind)]
        return {
            "broken": list(proof.verify_signed(tx, office.signing_key()).problems),
            "rows": [f"{name}: {count}" for name, count in rows.items()],
            "stated": [f"{e.kind} {e.ref} {e.detail.get('rows', '')}" for e in stated],
            "files": sorted(str(p.relative_to(case.folder)) for p in case.folder.rglob("*") if _counts(p)),
        }


def _counts(path: Path) -> bool:
    return "data" not in path.parts and (path.is_file() or not any(path.iterdir()))


def differences(found: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """In words: what one has more often than the other."""
    said = list(found["broken"])
    for part, lines in wanted.items():
        lost, more = Counter(lines) - Counter(found[part]), Counter(found[part]) - Counter(lines)
        said += [f"{part}: lost: {line}" for line in lost.elements()]
        said += [f"{part}: left or twice: {line}" for line in more.elements()]
    return said


def one(folder: Path, before: Path, mutant: str, step: int) -> tuple[int, list[str]]:
    """How a purge ended that was killed at a step, and what is wrong with what it left or the next one made of it."""
    shutil.copytree(before, folder)
    restored(folder, LATER)
    case = Case(folder, f"sqlite:///{folder}/data/db.sqlite3")
    file = folder / "mbls-sync.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(str(before), str(folder)), encoding="utf-8")
    ended = in_child(partial(purged, case, mutant, step))
    after = folder.with_suffix(".json")
    problems = [f"after the kill: {said}" for said in in_child_value(partial(state, case), after)["broken"]]
    if ended not in (0, -signal.SIGKILL):
        problems.append(f"the purge ended with {ended}")
    if rest := in_child(partial(purged, case, mutant)):
        problems.append(f"the next purge ended with {rest}")
    found = in_child_value(partial(state, case), after)
    shutil.rmtree(folder)
    return ended, [*problems, *_judged(found, folder.parent / "wanted.json")]


def _judged(found: dict[str, Any], file: Path) -> Sequence[str]:
    """What differs from the undisturbed school; the first that is judged is that school."""
    if not file.exists():
        file.write_text(json.dumps(found), encoding="utf-8")
    return differences(found, json.loads(file.read_text(encoding="utf-8")))


def sweep(chosen: argparse.Namespace) -> dict[str, Any]:
    """Every n-th kill point until a purge completes."""
    before = chosen.folder / "before"
    case = Case(before, f"sqlite:///{before}/data/db.sqlite3")
    case.prepare()
    case.office(16)  # the parts that every process shares
    rest = case.run(16)
    case.later()
    if rest or case.run(21) or in_child(partial(settled, case)):
        raise SystemExit("the school could not be made")
    held = in_child_value(partial(state, case), chosen.folder / "held.json")
    failures: dict[int, list[str]] = {}
    _, calm = one(chosen.folder / "calm", before, "", 0)
    wanted = json.loads((chosen.folder / "wanted.json").read_text(encoding="utf-8"))
    step, points = chosen.first, 0
    while points < chosen.most:
        ended, problems = one(chosen.folder / f"kill-{step}", before, chosen.mutant, step)
        if problems:
            failures[step] = problems
        points += 1
        if ended == 0:
            break
        step += chosen.every
    return {"points": points, "last_step": step, "failures": failures, "calm": calm, "held": held, "wanted": wanted}


def main() -> None:
    """Read the command line, sweep, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--most", type=int, default=100_000)
    parser.add_argument("--mutant", choices=MUTANTS, default="")
    print(json.dumps(sweep(parser.parse_args())))


if __name__ == "__main__":
    main()
