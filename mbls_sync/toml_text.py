"""Reads a TOML file and knows on which line each value stands, so that a message can point at it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mbls_sync.errors import ConfigurationError

PART = r'(?:"[^"\n]*"|\'[^\'\n]*\'|[A-Za-z0-9_-]+)'
DOTTED = rf"{PART}(?:\s*\.\s*{PART})*"
HEADER = re.compile(rf"^\s*(\[\[?)\s*({DOTTED})\s*\]\]?")
PAIR = re.compile(rf"^\s*({DOTTED})\s*=")
AT = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")

Place = tuple[str | int, ...]
"""Where a value stands in the document: keys, and numbers where a list is walked."""


@dataclass(frozen=True, slots=True)
class TomlText:
    """The values of a TOML file and the line of each."""

    file: Path
    values: Mapping[str, Any]
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int | None:
        """The line of a value, or of the nearest table around it; None where the file says nothing of it."""
        for end in range(len(place), 0, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return None

    def holds(self, place: Place) -> bool:
        """Whether the file itself gives this value."""
        found: Any = self.values
        for part in place:
            if isinstance(part, str):
                inside = isinstance(found, Mapping) and part in found
            else:
                inside = isinstance(found, list) and part < len(found)
            if not inside:
                return False
            found = found[part]
        return True


def read_toml(file: Path) -> TomlText:
    """Read a file. Raises ConfigurationError, with file and line, where it is not TOML."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"cannot be read ({error.strerror}); check that it is there", file=file) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError("is not UTF-8; save it again as UTF-8", file=file) from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _line_of(str(error), text)
        raise ConfigurationError(_problem(str(error), _nth(text, line)), file=file, line=line) from None
    return TomlText(file, values, lines_of(text))


def lines_of(text: str) -> dict[Place, int]:
    """The line on which each table and each key begins. A line inside a text of several lines may be taken for one."""
    lines: dict[Place, int] = {}
    table: Place = ()
    lists: dict[Place, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            table = _table(header, lists)
            lines.setdefault(table, number)
        elif pair := PAIR.match(line):
            lines.setdefault((*table, *_parts(pair[1])), number)
    return lines


def _table(header: re.Match[str], lists: dict[Place, int]) -> Place:
    """The place of a header; a table in a list of tables carries its number."""
    place: Place = ()
    for part in _parts(header[2]):
        place = (*place, part)
        if place in lists and not (header[1] == "[[" and place == _parts(header[2])):
            place = (*place, lists[place])
    if header[1] == "[[":
        lists[place] = lists.get(place, -1) + 1
        place = (*place, lists[place])
    return place


def _parts(dotted: str) -> Place:
    return tuple(part.strip().strip("\"'") for part in re.findall(PART, dotted))


def _nth(text: str, line: int | None) -> str:
    lines = text.splitlines()
    return lines[line - 1] if line and line <= len(lines) else ""


def _problem(message: str, line: str) -> str:
    said = AT.sub("", message).strip()
    if "\\" in line:
        return f"is not TOML ({said}); a path with backslashes stands in single quotes, as 'C:\\exports'"
    return f'is not TOML ({said}); texts and dates stand as name = "text" and name = 2026-09-01'


def _line_of(message: str, text: str) -> int | None:
    found = AT.search(message)
    if found is None:
        return None
    return int(found[1]) if found[1] else max(len(text.splitlines()), 1)
