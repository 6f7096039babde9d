"""The days that a decision about leave names, as a person writes them."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from mbls_sync.api import Period, Session

DAY = r"(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})"
PART = re.compile(rf"{DAY}(?:\s*(?:\.\.|to)\s*{DAY})?(?:\s+(AM|PM))?", re.IGNORECASE)


def named_by(text: str) -> Callable[[Session], bool] | None:
    """Which sessions `2026-12-10, 2026-12-14..2026-12-16 AM` names; None where it cannot be read.

    Days are divided by commas or semicolons, written year first or as 10/12/2026; AM or PM behind a day or a
    span keeps to that half of each day. Nothing written names every session.
    """
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    spans = [_span(part) for part in parts]
    if any(span is None for span in spans):
        return None
    return lambda session: not spans or any(span is not None and _holds(span, session) for span in spans)


def said_days(sessions: Iterable[Session]) -> str:
    """Sessions as days in words: `Thu 10 Dec (morning)`; whole days in a row as `Mon 14 Dec to Wed 16 Dec`."""
    return _in_words(sessions, lambda day: f"{day:%a} {day.day} {day:%b}")


def written_days(sessions: Iterable[Session]) -> str:
    """The same for a letter: `Thursday 10 December 2026 (morning)`."""
    return _in_words(sessions, lambda day: f"{day:%A} {day.day} {day:%B %Y}")


def _in_words(sessions: Iterable[Session], said: Callable[[date], str]) -> str:
    days: dict[date, list[Period]] = {}
    for session in sorted(sessions):
        days.setdefault(session.day, []).append(session.period)
    found: list[str] = []
    run: list[date] = []
    for day, periods in days.items():
        if len(periods) == len(Period):
            run.append(day)
            continue
        found += [_run(run, said)] if run else []
        run = []
        found.append(f"{said(day)} ({'morning' if periods[0] is Period.AM else 'afternoon'})")
    return ", ".join([*found, *([_run(run, said)] if run else [])])


def _span(part: str) -> tuple[date, date, str] | None:
    found = PART.fullmatch(part)
    if found is None:
        return None
    first, last, half = found.groups()
    try:
        return _day(first), _day(last or first), (half or "").upper()
    except ValueError:
        return None


def _holds(span: tuple[date, date, str], session: Session) -> bool:
    first, last, half = span
    return first <= session.day <= last and half in ("", session.period.value)


def _day(text: str) -> date:
    if "/" in text:
        day, month, year = map(int, text.split("/"))
        return date(year, month, day)
    return date.fromisoformat(text)


def _run(days: list[date], said: Callable[[date], str]) -> str:
    return said(days[0]) if len(days) == 1 else f"{said(days[0])} to {said(days[-1])}"
