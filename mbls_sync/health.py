"""The daemon's sign of life, a small file: when it was last seen, when it last pulled, and until when that is fresh."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from mbls_sync.timetable import Timetable

FILE = "health.json"
SILENCE = timedelta(minutes=5)
"""How long a daemon that is well may be unseen: it looks up every few seconds, and a pass takes seconds."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What the file says, in ISO times; empty where nothing is known."""

    seen_at: str = ""
    pulled_at: str = ""
    fresh_until: str = ""


def seen(file: Path, now: datetime, timetable: Timetable) -> None:
    """Say that the daemon lives."""
    sign = replace(read(file) or Sign(), seen_at=now.isoformat())
    if not sign.fresh_until:
        sign = replace(sign, fresh_until=_text(timetable.fresh_until(now)))
    _write(file, sign)


def pulled(file: Path, now: datetime, timetable: Timetable) -> None:
    """Say that every source has answered."""
    _write(file, Sign(now.isoformat(), now.isoformat(), _text(timetable.fresh_until(now))))


def read(file: Path) -> Sign | None:
    """The sign of life; None where there is none, or it cannot be read."""
    try:
        sign = Sign(**json.loads(file.read_text(encoding="utf-8")))
        for moment in (sign.seen_at, sign.pulled_at, sign.fresh_until):
            if moment and datetime.fromisoformat(moment).tzinfo is None:
                return None
        return sign
    except (OSError, ValueError, TypeError):
        return None


def complaint(sign: Sign | None, now: datetime) -> str:
    """What is wrong, in words; empty where all is well."""
    if sign is None or not sign.seen_at:
        return "no daemon has been seen here; start it with `mbls-sync run`"
    unseen = now - datetime.fromisoformat(sign.seen_at)
    if unseen > SILENCE:
        return f"the daemon was last seen at {sign.seen_at}; it hangs or has ended: start it again"
    if sign.fresh_until and now > datetime.fromisoformat(sign.fresh_until):
        last = sign.pulled_at or "never"
        return f"the marks are too old: last pulled {last}; `mbls-sync check` says which source does not answer"
    return ""


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def _write(file: Path, sign: Sign) -> None:
    half = file.with_name(f".{file.name}.part")
    half.write_text(json.dumps(asdict(sign)), encoding="utf-8")
    os.replace(half, file)
