"""All that is held about one pupil, for a subject access request; nobody else's data.

Source: UK GDPR Article 15: the data, where they came from, and to whom they were disclosed. Another pupil's number is
taken out; where a free text names another pupil, it is left as it is and listed, for a person to look at before
the file is handed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mbls_sync.delivery.about_whom import TEXTS, about_whom, is_about
from mbls_sync.delivery.desk import Codes
from mbls_sync.delivery.documents import PACKETS, RETURNS, Document, documents
from mbls_sync.delivery.naming import naming_others
from mbls_sync.delivery.over_term import stated_day
from mbls_sync.errors import PaperRefused
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.store import audit, disclosures, inputs, ledger, outbox, people, quarantine, registers
from mbls_sync.store.codec import because_text, proposal_text
from mbls_sync.store.transaction import Tx

OTHER = "[another pupil]"
HELD_BY_ADULTS = ("contacts",)
"""Sections that also hold data of adults, who have rights of their own (UK GDPR Article 15(4))."""

Row = dict[str, Any]


@dataclass(frozen=True)
class SubjectFile:
    """What is held about one pupil: rows by section, and what a person must look at before it is handed over."""

    pupil: PupilId
    name: str
    pseudonym: str
    at: datetime
    sections: Mapping[str, Sequence[Row]]
    to_look_at: tuple[str, ...]


def all_about(tx: Tx, pupil: Pupil, roll: Sequence[Pupil], codes: Codes, out: Path, at: datetime) -> SubjectFile:
    """Everything that the store holds about a pupil as it stands now, and which papers below `out` do."""
    name = people.pseudonyms(tx).get(pupil.id, "")
    sections: dict[str, list[Row]] = {}
    for resource, known_from, source, payload in inputs.everything_about(tx, pupil.id):
        facts = json.loads(payload)
        sections.setdefault(resource, []).append({"known_from": known_from, "source": source, **facts})
    sections["marks"] = list(_marks(tx, pupil.id, codes))
    sections["amendments of marks"] = list(_amendments(tx, name))
    sections["what was asked for"] = list(_effects(tx, pupil.id))
    sections["papers"] = list(_papers(pupil, documents(out)))
    sections["working papers"] = list(_working_papers(pupil, out))
    sections["disclosures"] = [_disclosure(entry) for entry in disclosures.entries(tx, subject=name)]
    sections["rows not understood"] = [
        _unread(row) for row in quarantine.open_rows(tx) if is_about(pupil, row.row.text)
    ]
    sections["trail of the program"] = [_step(e) for e in audit.entries(tx) if e.detail.get("pupil") == name]
    others = [other for other in roll if other.id != pupil.id]
    clean = {title: [_without(others)(row) for row in rows] for title, rows in sections.items()}
    look = tuple(_to_look_at(clean, pupil, others))
    return SubjectFile(pupil.id, pupil.legal_name, name, at, clean, look)


def _marks(tx: Tx, pupil: PupilId, codes: Codes) -> Iterator[Row]:
    for year in registers.years(tx):
        pages = registers.load(tx, year)
        told = {slot: detail for (who, slot), detail in registers.details(tx, year).items() if who == pupil}
        for slot, byte in enumerate(pages.page(pupil)):
            if not byte:
                continue
            session, code = pages.grid.session(slot), pages.encoding.code(byte)
            row: Row = {"session": str(session), "code": code, "title": codes.title(code, session.day)}
            row["counts_as"] = str(codes.meaning(code, session.day))
            detail = told.get(slot)
            names = ("minutes_late", "comment", "amended_by", "amended_role", "amended_at", "amended_reason")
            yield row | {name: getattr(detail, name) for name in names if detail is not None}


def _amendments(tx: Tx, name: str) -> Iterator[Row]:
    for entry in ledger.export(tx):
        if entry["pupil"] == name and entry["kind"] != "first":
            hidden = ("chain", "pupil", "body", "previous", "hash")
            yield {key: value for key, value in entry.items() if key not in hidden}


def _effects(tx: Tx, pupil: PupilId) -> Iterator[Row]:
    for effect in outbox.load(tx):
        if effect.pupil == pupil:
            yield {
                "kind": str(effect.kind),
                "state": str(effect.state),
                "opened_at": effect.opened_at,
                "changed_at": effect.changed_at,
                "reason": effect.reason,
                "what": json.loads(proposal_text(effect.proposal)),
                "because": json.loads(because_text(effect.because)),
            }


def _papers(pupil: Pupil, papers: Iterable[Document]) -> Iterator[Row]:
    for paper in papers:
        try:
            names_pupil = about_whom(paper.read(), [pupil])
        except PaperRefused:
            continue
        if names_pupil:
            yield {"document": paper.name, "filed_at": paper.filed_at, "files": dict(paper.files)}


def _working_papers(pupil: Pupil, out: Path) -> Iterator[Row]:
    """The lists, letters and advice that name the pupil. They are made of what stands in the other sections."""
    apart = (RETURNS, PACKETS, "subject")
    files = (path for path in sorted(out.rglob("*")) if path.is_file() and path.name.endswith(TEXTS))
    for path in files:
        place = path.relative_to(out)
        if place.parts[0] not in apart and about_whom({path.name: path.read_bytes()}, [pupil]):
            yield {"file": place.as_posix(), "made": stated_day(path)}


def _disclosure(entry: disclosures.Disclosure) -> Row:
    names = ("at", "document", "recipient", "duty", "channel", "by")
    return {name: getattr(entry, name) for name in names}


def _unread(held: quarantine.Quarantined) -> Row:
    return {"source": held.row.source, "line": held.row.line, "reason": held.row.reason, "text": held.row.text}


def _step(entry: audit.AuditEntry) -> Row:
    return {"at": entry.at, "kind": entry.kind, **entry.detail}


def _without(others: Sequence[Pupil]) -> Callable[[Any], Any]:
    """Takes every other pupil's id out of a value, however deep it lies."""
    ids = sorted((re.escape(other.id) for other in others), key=len, reverse=True)
    # A number made of an admission number may begin as another does; a UPN is taken out wherever it stands.
    pattern = re.compile(rf"(?:{'|'.join(ids)})(?!\d)") if ids else None

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(OTHER, value) if pattern else value
        if isinstance(value, dict):
            return {clean(key): clean(inner) for key, inner in value.items()}
        return [clean(inner) for inner in value] if isinstance(value, (list, tuple)) else value

    return clean


def _to_look_at(sections: Mapping[str, Sequence[Row]], pupil: Pupil, others: Sequence[Pupil]) -> Iterator[str]:
    """Where another pupil may be named, by section, row and field; and which sections tell of adults."""
    family = [other for other in others if other.surname.casefold() == pupil.surname.casefold()]
    named = naming_others(pupil, others, family)
    for title, rows in sections.items():
        if rows and title in HELD_BY_ADULTS:
            yield f"{title}: also about adults; look whether each may be told to whoever asks"
        for number, row in enumerate(rows, start=1):
            for field, text in _texts(row):
                if OTHER in text or named(text):
                    yield f"{title}, row {number}, {field}: names another pupil, or has their number taken out"


def _texts(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{field}.{key}" if field else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, field)
