"""The log: one event a step, named noun.verb, in which no pupil can stand.

Only keys on a list get through, so what nobody thought of is dropped, never printed. The text of an
exception gets through where mbls-sync raised it on purpose (it promises to name nobody); of any other only its
type and the place in our code. A UPN that slips into a permitted text is masked.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog

from mbls_sync.errors import MblsError

PERMITTED = frozenset(
    {
        *("event", "level", "timestamp", "run", "school", "mode", "logger"),
        *("job", "due", "next", "outage_since", "holder", "fence", "signal", "seconds", "attempt", "minutes"),
        *("source", "adapter", "resource", "rule", "plugin", "file", "line", "error", "version", "state", "kind"),
        *("pages", "marks", "stored", "unchanged", "changed", "quarantined", "held", "warnings", "items", "rows"),
        *("opened", "kept", "withdrawn", "delivered", "verified", "unknown", "conflicted", "refused", "failures"),
        *("decisions", "conflicts", "effects", "tasks", "files", "dropped", "count", "counts"),
    }
)
"""Every key that a log line may have. Their values are counts, moments, our own words, files and ids of rules."""

EVENT = re.compile(r"[a-z_]+\.[a-z_]+")
UPN = re.compile(r"\b[A-Z]\d{11}[0-9A-Z]\b")
OURS = Path(__file__).resolve().parent.parent
MASKED = "[upn]"


def configure(
    form: Literal["auto", "console", "json"] = "auto", level: str = "info", stream: TextIO | None = None
) -> None:
    """Set the log up: JSON lines, or coloured lines on a terminal, to `stream` (standard error)."""
    out = stream or sys.stderr
    on_console = form == "console" or (form == "auto" and out.isatty())
    renderer: Any = structlog.dev.ConsoleRenderer() if on_console else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            say_what_failed,
            keep_only_permitted,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    _hear_libraries()


def logger() -> Any:
    """The log. Call it as `logger().info("register.pulled", marks=12)`."""
    return structlog.get_logger()


def bind_run(run: str, school: str) -> None:
    """Name the pass in hand on every line from here on."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(run=run, school=school)


def say_what_failed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Turn an exception into a text that cannot hold what a pupil's row held."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(event.get("error"), BaseException):
        error = event["error"]
    if isinstance(error, BaseException):
        event["error"] = error_text(error)
    return event


def error_text(error: BaseException) -> str:
    """What may be said of an exception outside a screen that belongs to a person."""
    if isinstance(error, MblsError):
        return masked(str(error))
    # The system's own word for its number, never the exception's text: that may hold a name or what a server said.
    number = error.errno if isinstance(error, OSError) else None
    why = f" ({os.strerror(number)})" if isinstance(number, int) else ""
    return f"{type(error).__name__}{why} at {_place(error.__traceback__)}"


def keep_only_permitted(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not permitted, and say how many; mask what looks like a UPN in the rest."""
    kept = {key: _plain(value) for key, value in event.items() if key in PERMITTED}
    if len(kept) < len(event):
        kept["dropped"] = len(event) - len(kept)
    if not EVENT.fullmatch(str(kept.get("event", ""))):
        kept["event"] = "log.malformed"
    return kept


def masked(text: str) -> str:
    """The text without anything that looks like a UPN."""
    return UPN.sub(MASKED, text)


def _plain(value: Any) -> Any:
    """Numbers as they are; counts key by key; anything else as masked text."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {masked(str(key)): count for key, count in value.items() if isinstance(count, (bool, int))}
    return masked(str(value))


def _place(trace: TracebackType | None) -> str:
    """File and line of the innermost frame that is ours."""
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(OURS) and ".venv" not in frame.filename]
    if not frames:
        return "an unknown place"
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


class _Libraries(logging.Handler):
    """Says that a library logged, where and how badly; not what, since it may quote a row."""

    def emit(self, record: logging.LogRecord) -> None:
        # A library's own thread may log after standard error was closed; that must not end what it is doing.
        with suppress(OSError, ValueError):
            logger().warning("library.logged", logger=record.name, state=record.levelname)


def _hear_libraries() -> None:
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if not isinstance(handler, _Libraries)]
    heard = _Libraries(level=logging.WARNING)
    root.addHandler(heard)
