"""The plain text that lies beside what could not be read: why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from mbls_sync.api import BadRow, Page

MOST_ROWS = 1_000


def note_of(page: Page) -> str:
    """The note about a page: about the whole file, or about each row of it that was left out."""
    return _of_file(page) if page.unreadable else _of_rows(page)


def _of_file(page: Page) -> str:
    return (
        f"{page.source} was not read.\n\n"
        f"Why: {page.unreadable}\n\n"
        "What to do: mend the export as it says, and put it into the drop folder again. Nothing of this file was "
        "stored, and nothing that was stored before has changed.\n"
    )


def _of_rows(page: Page) -> str:
    head = (
        f"{len(page.bad)} rows of {page.source} were not stored; every other row was.\n\n"
        "What to do: correct these rows in the MIS and export again. The register keeps what it held for them "
        "until then.\n\n"
    )
    return head + "".join(_lines(page.bad[:MOST_ROWS])) + _rest(len(page.bad))


def _lines(rows: Iterable[BadRow]) -> Iterable[str]:
    for row in rows:
        text = f"    {row.text}\n" if row.text else ""
        yield f"line {row.line}: {row.reason}\n{text}"


def _rest(count: int) -> str:
    return f"… and {count - MOST_ROWS} more rows\n" if count > MOST_ROWS else ""
