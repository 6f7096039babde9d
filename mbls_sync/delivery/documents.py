"""The documents that lie ready to be sent: each is what one manifest below the out folder states, and nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from mbls_sync.delivery.files import sha256
from mbls_sync.errors import PaperRefused
from mbls_sync.model.sendings import PaperKind

RETURNS, PACKETS, MANIFEST = "returns", "packets", "manifest.json"
NUMBER = re.compile(r"_(\d{3})$")


class Readiness(StrEnum):
    """What the lint says of a document; `unlinted` where no lint has looked."""

    READY = "ready"
    NOT_READY = "not ready"
    OVERRIDDEN = "overridden"
    UNLINTED = "unlinted"

    @property
    def may_leave(self) -> bool:
        """Whether it may be sent without a person's approval."""
        return self in (Readiness.READY, Readiness.OVERRIDDEN)


@dataclass(frozen=True)
class Document:
    """One return or packet as it was filed. `files` are the SHA-256 of each member, by name, its manifest among them.

    `paper` is the return's name or the packet's kind; `about` is what the case chronology calls it. `filed_at` is
    when its manifest was written, which is last; `stated` the day that the manifest itself names: when a return was
    due, when a packet's case was opened. `missing` is how many things a person has yet to add or to sign. `kept` are
    the files beside it that stay at school.
    """

    name: str
    paper: str
    about: str
    number: int
    due: date | None
    folder: Path
    files: Mapping[str, str]
    filed_at: datetime
    readiness: Readiness = Readiness.UNLINTED
    kind: PaperKind = PaperKind.RETURN
    missing: int = 0
    stated: date | None = None
    kept: tuple[str, ...] = ()

    def holding(self, endings: tuple[str, ...]) -> Mapping[str, str]:
        """The files that a receiver takes, by the endings of their names; all of them where none is named.

        Raises PaperRefused where that leaves no file but the manifest: it would arrive empty, and count as told.
        """
        found = {name: seal for name, seal in sorted(self.files.items()) if not endings or name.endswith(endings)}
        if endings and all(name.endswith(MANIFEST) for name in found):
            raise PaperRefused(
                f"no file of {self.name} ends in {' or '.join(endings)}, so nothing of it was sent; correct `endings` "
                f"of the channel"
            )
        return found

    def read(self, endings: tuple[str, ...] = ()) -> dict[str, bytes]:
        """The bytes of its files. Raises PaperRefused where one is gone or is not what its manifest states."""
        found: dict[str, bytes] = {}
        for name, stated in self.holding(endings).items():
            try:
                data = (self.folder / name).read_bytes()
            except OSError:
                raise PaperRefused(f"{name} is gone, though its manifest names it; write {self.about} again") from None
            if sha256(data) != stated:
                raise PaperRefused(
                    f"{name} is not what its manifest states: somebody has changed it since; write {self.about} again"
                )
            found[name] = data
        return found


def content_of(files: Mapping[str, str]) -> str:
    """The SHA-256 over the names and hashes of files: what an approval is of."""
    text = json.dumps(sorted(files.items()), separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def documents(out: Path) -> tuple[Document, ...]:
    """Every document below `out`, by name. What has no manifest that can be read is not whole, and is left out."""
    returns = sorted((out / RETURNS).glob(f"*.{MANIFEST}"))
    packets = sorted((out / PACKETS).glob(f"*/{MANIFEST}"))
    found = [document for file in returns for document in _of_return(file)]
    found += [document for file in packets for document in _of_packet(file)]
    return tuple(sorted(found, key=lambda document: document.name))


def _of_return(file: Path) -> Iterator[Document]:
    stem = file.name.removesuffix(f".{MANIFEST}")
    stated, files = _stated(file)
    if "return" in stated and files:
        about = f"{stated['return']} {stated.get('period', '')}".strip()
        yield _document(file, stem, stated, files, paper=str(stated["return"]), about=about, kind=PaperKind.RETURN)


def _of_packet(file: Path) -> Iterator[Document]:
    stem = file.parent.name
    stated, files = _stated(file)
    if "kind" in stated and files:
        paper = str(stated["kind"])
        yield _document(file, stem, stated, files, paper=paper, about=f"{paper} {stem}", kind=PaperKind.PACKET)


def _document(
    file: Path,
    stem: str,
    stated: Mapping[str, Any],
    files: Mapping[str, str],
    *,
    paper: str,
    about: str,
    kind: PaperKind,
) -> Document:
    numbered = NUMBER.search(stem)
    return Document(
        name=stem,
        paper=paper,
        about=about,
        number=int(stated.get("number") or (numbered[1] if numbered else 1)),
        due=_date(stated.get("due")),
        folder=file.parent,
        files={**files, file.name: sha256(file.read_bytes())},
        filed_at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        readiness=_readiness(stated),
        kind=kind,
        missing=_count(stated.get("missing")),
        stated=_date(stated.get("due") or stated.get("opened")),
        kept=_kept(stated.get("kept_at_school")),
    )


def _count(listed: object) -> int:
    return len(listed) if isinstance(listed, list) else 0


def _kept(listed: object) -> tuple[str, ...]:
    """The names of files that a manifest lists as kept; a list that is none lists nothing."""
    named = [entry.get("name") for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return tuple(name for name in named if isinstance(name, str) and _is_plain(name))


def _stated(file: Path) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    try:
        stated = json.loads(file.read_text(encoding="utf-8"))
        return stated, {entry["name"]: entry["sha256"] for entry in stated["files"] if _is_plain(entry["name"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}, {}


def _is_plain(name: str) -> bool:
    return bool(name) and Path(name).name == name


def _readiness(stated: Mapping[str, Any]) -> Readiness:
    try:
        return Readiness(stated["lint"]["standing"])
    except (KeyError, TypeError, ValueError):
        return Readiness.UNLINTED


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def named(all_documents: Iterable[Document], name: str) -> tuple[Document, ...]:
    """The documents that `name` may mean: the name itself, else what it is about, else the newest of a paper."""
    every = tuple(all_documents)
    for matches in (
        [d for d in every if d.name == name],
        [d for d in every if d.about == name],
        [d for d in every if d.paper == name],
    ):
        if matches:
            return tuple(matches)
    return ()
