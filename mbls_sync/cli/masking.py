"""Records without what names anybody: their shape shows whether a mapping is right, and nobody can be told by it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

PLAIN = frozenset(
    {"day", "session", "code", "priority", "year_group", "class_name", "direction", "first", "last", "kind"}
    | {"enrolment_status", "relationship", "sessions", "outcome", "role"}
)
"""Fields whose text is shown as it stands; every other text becomes its shape."""
BIRTH = frozenset({"born"})


def masked(record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that hold something, each as it may be shown."""
    shown = {name: _shown(name, value) for name, value in record.items()}
    return {name: value for name, value in shown.items() if value not in ("", None, ())}


def _shown(name: str, value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return masked({f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
    if isinstance(value, tuple | list):
        return "; ".join(str(_shown(name, one)) for one in value)
    if isinstance(value, frozenset):
        return f"{len(value)} sessions"
    if name in BIRTH and isinstance(value, date):
        return f"{value.year}-…"
    if isinstance(value, bool | int | date | datetime | time) or value is None or name in PLAIN:
        return value
    return shape(str(value))


def shape(text: str) -> str:
    """A text with each letter as x and each digit as 9, capitals kept."""
    return re.sub(r"[^\W\d_]", lambda found: "X" if found[0].isupper() else "x", re.sub(r"\d", "9", text))
