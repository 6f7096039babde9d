"""Which pupil a row is about: the UPN, else the admission number, never a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from mbls_adapter_integris_csv.tables import Table, UnreadableFile
from mbls_adapter_integris_csv.values import BadCell, Remembered, clean
from mbls_sync.api import BY_ADMISSION_NUMBER, PupilId, is_valid_upn

LONGEST_ID = 64
MOST_LINES_NAMED = 10
SPREADSHEET_TEXT = re.compile(r'="?([^"]*)"?')


class Identity:
    """Reads the pupil of a row, and notes each UPN whose check letter does not agree."""

    def __init__(self, table: Table) -> None:
        self.columns = [table.fields[f] for f in ("upn", "admission_number") if f in table.fields]
        if not self.columns:
            raise UnreadableFile(
                "there is no column for the UPN or the admission number, and a name alone is never enough; export one"
            )
        self.first = self.columns[0]
        self._is_upn = "upn" in table.fields
        self._fallback = table.fields.get("admission_number")
        self._of_text: Remembered[PupilId] = Remembered(self._read)
        self._doubtful: set[PupilId] = set()
        self._wrong: dict[PupilId, int] = {}

    def pupil(self, cells: Sequence[str], line: int) -> PupilId:
        """The pupil of a row. Raises BadCell."""
        if cells[self.first].strip():
            return self.pupil_of(cells[self.first], line)
        number = clean(cells[self._fallback]) if self._fallback is not None else ""
        if not number:
            raise BadCell("there is neither a UPN nor an admission number, and a name alone is never enough")
        return _checked(f"{BY_ADMISSION_NUMBER}{number}")

    def pupil_of(self, text: str, line: int) -> PupilId:
        """The pupil whom the first identity column names. Raises BadCell."""
        found = self._of_text[text]
        if found in self._doubtful:
            self._wrong.setdefault(found, line)
        return found

    def warnings(self) -> tuple[str, ...]:
        """UPNs whose check letter does not agree, by line: a typing mistake makes two pupils out of one."""
        if not self._wrong:
            return ()
        lines = sorted(self._wrong.values())
        named = ", ".join(map(str, lines[:MOST_LINES_NAMED])) + (" …" if len(lines) > MOST_LINES_NAMED else "")
        return (
            f"{len(lines)} UPNs do not agree with their check letter, first seen on lines {named}; the rows are "
            "kept: correct the UPN in the MIS",
        )

    def _read(self, text: str) -> PupilId:
        said = plain_upn(text) if self._is_upn else clean(text)
        if not said:
            raise BadCell("the UPN or admission number holds nothing that can be seen")
        if not self._is_upn:
            return _checked(f"{BY_ADMISSION_NUMBER}{said}")
        upn = _checked(said)
        if not is_valid_upn(upn):
            self._doubtful.add(upn)
        return upn


def plain_upn(text: str) -> str:
    """A UPN as the DfE writes it: no blank within, capitals, and none of what a spreadsheet puts around text.

    Full-width letters, blanks to read it by, `="…"` and a leading apostrophe are ways to type one and the same number.
    """
    said = unicodedata.normalize("NFKC", clean(text))
    wrapped = SPREADSHEET_TEXT.fullmatch(said)
    return "".join((wrapped[1] if wrapped else said.removeprefix("'")).split()).upper()


def _checked(text: str) -> PupilId:
    if len(text) > LONGEST_ID:
        raise BadCell(f"the UPN or admission number is longer than {LONGEST_ID} characters")
    return PupilId(text)
