"""Dotted paths into rows and bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

DEEPEST = 8
"""How many names a path that is shown to a person may have."""
Get = Callable[[Any], Any]
OUTER, PARENT = "__outer__", "__parent__"
"""What a row within a row, and a child's row, carry of what is around them; no MIS names a field so."""


def getter(path: str) -> Get:
    """What stands at a dotted path; None where nothing does. A number picks from a list."""
    if path == "@parent":
        return lambda row: row.get(PARENT) if isinstance(row, dict) else None
    if path == ".":
        return lambda row: row.get("") if isinstance(row, dict) and "" in row else row
    parts: list[str | int] = [int(part) if part.isdigit() else part for part in path.split(".")]
    parts = [OUTER if part == "^" else part for part in parts]
    if len(parts) == 1 and isinstance(parts[0], str):
        name = parts[0]
        return lambda row: row.get(name) if isinstance(row, dict) else None

    def get(row: Any) -> Any:
        # A name may hold a dot itself, such as @odata.nextLink.
        if isinstance(row, dict) and path in row:
            return row[path]
        for part in parts:
            if isinstance(row, dict):
                row = row.get(part) if part in row or not isinstance(part, int) else row.get(str(part))
            elif isinstance(row, list) and isinstance(part, int) and part < len(row):
                row = row[part]
            else:
                return None
        return row

    return get


def places_in(value: Any, most: int) -> list[str]:
    """The dotted paths at which something stands in a body or row, lists not gone into; never what stands there."""
    return list(islice(_places(value, ""), most))


def _places(value: Any, above: str) -> Iterator[str]:
    for name, inner in value.items() if isinstance(value, dict) else ():
        if name in (OUTER, PARENT):
            continue
        if isinstance(inner, dict) and inner and above.count(".") < DEEPEST:
            yield from _places(inner, f"{above}{name}.")
        else:
            yield f"{above}{name}"
