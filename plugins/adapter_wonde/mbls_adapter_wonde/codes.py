"""The school's own list of codes: Wonde names a code by an id, and a school may have its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from mbls_adapter_wonde.walk import Wonde
from mbls_adapter_wonde.wire import Row, document, rows_of, text_of, yes_of
from mbls_sync.api import NO_MARK, Code


@dataclass(frozen=True)
class Codes:
    """Reads and writes codes by their ids. `no_mark` are the letters that say that there is no mark."""

    rows: tuple[Row, ...]
    no_mark: frozenset[Code]

    @cached_property
    def of_id(self) -> Mapping[str, Code]:
        """The code of each id; `NO_MARK` for one that says that there is none."""
        letters = {text_of(row.get("id")): text_of(row.get("code")) for row in self.rows}
        return {id: NO_MARK if letter in self.no_mark else letter for id, letter in letters.items()}

    @cached_property
    def id_of(self) -> Mapping[Code, str]:
        """The id by which a code is written: the first that is in use."""
        return {text_of(row.get("code")): text_of(row.get("id")) for row in reversed(self.rows) if _in_use(row)}

    def why_not(self) -> Mapping[Code, str]:
        """Every code of the school; beside it why it cannot be written, empty where it can."""
        codes = [letter for row in self.rows if (letter := text_of(row.get("code"))) not in self.no_mark]
        return {code: "" if code in self.id_of else "it is not active there" for code in codes}


def read_codes(wonde: Wonde, no_mark: Iterable[Code]) -> Codes:
    """The school's codes; Wonde's own where the school has none. Raises MisError."""
    rows = list(wonde.rows("attendance-codes"))
    if not rows:
        rows = list(rows_of(document(wonde.http.get("attendance-codes"), "codes"), "codes"))
    return Codes(tuple(rows), frozenset(no_mark) | {NO_MARK})


def _in_use(row: Row) -> bool:
    return yes_of(row.get("active")) is not False and yes_of(row.get("is_active")) is not False
