"""What one ledger entry says, and how it reads on a page: forwards to prove it, backwards to see the past."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mbls_sync.model.codes import NO_MARK, Code, Meaning
from mbls_sync.model.registers import SLOTS, Encoding
from mbls_sync.store.chain import canonical
from mbls_sync.store.schema import moment_text

Codes = Mapping[int, tuple[Code, str]]
"""What each byte of an entry stood for when it was written, so that an entry can be read alone."""

_MARKED = re.compile(rb"[^\0]+")
_OPENS_EMPTY = bytes([0xFF]) + bytes(255)
"""Translates a page into a mask that is open where the page is empty."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """The facts that an amended entry must carry, as far as the MIS gives them."""

    reason: str | None = None
    by: str | None = None
    role: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class First:
    """Sessions of one pupil seen with a mark for the first time, as runs of bytes from a slot on."""

    runs: tuple[tuple[int, bytes], ...]
    codes: Codes
    reconstructed: bool = False

    kind = "first"

    def apply(self, marks: bytearray) -> None:
        """Put the marks on a page."""
        for slot, run in self.runs:
            marks[slot : slot + len(run)] = run

    def undo(self, marks: bytearray) -> None:
        """Take the marks off a page."""
        for slot, run in self.runs:
            marks[slot : slot + len(run)] = bytes(len(run))

    def body(self) -> dict[str, Any]:
        """As stored."""
        codes = {str(byte): list(pair) for byte, pair in self.codes.items()}
        runs = [[slot, run.hex()] for slot, run in self.runs]
        return {"codes": codes, "runs": runs, "reconstructed": self.reconstructed}


@dataclass(frozen=True, slots=True)
class Change:
    """One mark that became another, or was taken away: the original and the amended entry."""

    slot: int
    original: int
    amended: int
    codes: Codes
    amendment: Amendment

    kind = "change"

    def apply(self, marks: bytearray) -> None:
        """Put the amended mark on a page."""
        marks[self.slot] = self.amended

    def undo(self, marks: bytearray) -> None:
        """Put the original mark back."""
        marks[self.slot] = self.original

    def body(self) -> dict[str, Any]:
        """As stored."""
        codes = {str(byte): list(pair) for byte, pair in self.codes.items()}
        change = {"slot": self.slot, "original": self.original, "amended": self.amended, "codes": codes}
        return change | _amendment_body(self.amendment)

    def code(self, byte: int) -> Code:
        """The code a byte stood for."""
        return self.codes[byte][0] if byte else NO_MARK


@dataclass(frozen=True, slots=True)
class Completion:
    """Facts of an amendment that the MIS gave only later. The mark is as it was."""

    slot: int
    amendment: Amendment

    kind = "completion"

    def apply(self, marks: bytearray) -> None:
        """Nothing: the mark is as it was."""

    def undo(self, marks: bytearray) -> None:
        """Nothing: the mark is as it was."""

    def body(self) -> dict[str, Any]:
        """As stored."""
        return {"slot": self.slot} | _amendment_body(self.amendment)


Sight = First | Change | Completion
"""What one observation says of one pupil."""


def read_body(kind: str, body: str) -> Sight:
    """The entry that was stored. Raises ValueError, KeyError or TypeError where it is none of ours."""
    facts = json.loads(body)
    codes = {int(byte): (code, meaning) for byte, (code, meaning) in facts.get("codes", {}).items()}
    if kind == First.kind:
        runs = tuple((_slot(slot), bytes.fromhex(run)) for slot, run in facts["runs"])
        return First(runs, codes, bool(facts["reconstructed"]))
    at = facts["at"]
    amendment = Amendment(
        facts["reason"], facts["by"], facts["role"], None if at is None else datetime.fromisoformat(at)
    )
    if kind == Change.kind:
        return Change(_slot(facts["slot"]), facts["original"], facts["amended"], codes, amendment)
    if kind == Completion.kind:
        return Completion(_slot(facts["slot"]), amendment)
    raise ValueError(f"{kind} is no kind of ledger entry")


def first_sight(before: bytes, after: bytes, encoding: Encoding, *, reconstructed: bool) -> First | None:
    """The marks that stand where there was none; None where there are no such."""
    # Whole pages as numbers: a first load compares 216,000 slots, far too many to look at one by one.
    mask = int.from_bytes(before.translate(_OPENS_EMPTY), "big")
    fresh = (int.from_bytes(after, "big") & mask).to_bytes(SLOTS, "big")
    runs = tuple((found.start(), found.group()) for found in _MARKED.finditer(fresh))
    return First(runs, codes_of(fresh, encoding), reconstructed) if runs else None


def changed_slots(before: bytes, after: bytes) -> Iterator[int]:
    """The slots that held a mark and now hold another or none."""
    other = int.from_bytes(before, "big") ^ int.from_bytes(after, "big")
    for found in _MARKED.finditer(other.to_bytes(SLOTS, "big")):
        yield from (slot for slot in range(found.start(), found.end()) if before[slot])


def codes_of(marks: bytes, encoding: Encoding) -> Codes:
    """What each byte stands for."""
    return {byte: (encoding.code(byte), str(encoding.meaning(byte))) for byte in sorted(set(marks)) if byte}


def body_text(sight: Sight) -> str:
    """The one way in which an entry is written, and sealed."""
    return canonical(sight.body())


def disagreements(codes: Codes, encoding: Encoding) -> Iterator[str]:
    """Where the encoding no longer says what an entry says a byte stands for."""
    for byte, (code, meaning) in codes.items():
        if encoding.pairs.get(byte) != (code, Meaning(meaning)):
            yield f"byte {byte} stood for {code} ({meaning}) and the encoding now says otherwise"


def _slot(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < SLOTS:
        raise ValueError("a slot outside the page")
    return value


def _amendment_body(amendment: Amendment) -> dict[str, Any]:
    at = None if amendment.at is None else moment_text(amendment.at)
    return {"reason": amendment.reason, "by": amendment.by, "role": amendment.role, "at": at}
