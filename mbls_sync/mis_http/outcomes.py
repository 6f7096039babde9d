"""What a status means: for a read an error that says what to do next, for a write a value."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from mbls_sync.errors import AuthRejected, BadPayload, Busy, MisError, Rejected, Unreachable
from mbls_sync.mis_http.manners import Answer
from mbls_sync.mis_http.pace import seconds_to_wait
from mbls_sync.model.deliveries import Accepted, PushResult, Refused, Unknown

VERSION = re.compile(r"[a-z-]*v?\d(\.\d)?", re.IGNORECASE)
UNSAID = 30.0
"""Seconds to wait on a 429 that names none."""


def is_success(status: int) -> bool:
    """2xx."""
    return 200 <= status < 300


def error_of_status(answer: Answer, status: int, now: datetime) -> MisError | None:
    """What a status says to a read; None where it is a success. `status` may be one that stands in the body."""
    if is_success(status):
        return None
    where = shown(answer.url)
    if status == 429 or (status == 503 and "retry-after" in answer.headers):
        return busy(where, answer.headers.get("retry-after", ""), now)
    if status in (401, 403):
        return AuthRejected(
            f"{where} refused the school's credentials (HTTP {status}); renew them, or ask the vendor which right is "
            "missing. Nothing is pulled until then"
        )
    if status >= 500 or status == 408:
        return Unreachable(f"{where} is out of order (HTTP {status}); its status page may say until when")
    if 300 <= status < 400:
        return Rejected(
            f"{where} redirects elsewhere (HTTP {status}), which is never followed, since it would carry the school's "
            "secrets along; correct `base_url` to the address that answers by itself"
        )
    return Rejected(f"{where} refused what was asked (HTTP {status}); compare the path and parameters with its manual")


def busy(where: str, header: str, now: datetime) -> Busy:
    """The wish to be left alone, with the moment until which."""
    found = seconds_to_wait(header, now)
    seconds = UNSAID if found is None else found
    latest = min(seconds, timedelta(days=366).total_seconds())
    until = (now + timedelta(seconds=latest)).isoformat(timespec="seconds")
    return Busy(f"{where} asks to be left alone until {until}", latest)


def result_of(answer: Answer) -> PushResult:
    """What a status says of a write that was sent."""
    status, where = answer.status, shown(answer.url)
    if is_success(status):
        return Accepted()
    if status >= 500 or status == 408:
        return Unknown(f"{where} answered HTTP {status}, and the write may have landed")
    if 300 <= status < 400:
        return Refused(f"{where} redirects elsewhere (HTTP {status}), which is never followed")
    return Refused(f"{where} answered HTTP {status}")


def unreadable(answer: Answer, what: str) -> BadPayload:
    """An answer that is not what was asked for."""
    return BadPayload(f"{shown(answer.url)} answered something that cannot be read: {what}")


def shown(url: str) -> str:
    """An address without its query, and without any part of its path that may name a pupil."""
    head, _, path = url.partition("?")[0].partition("://")[2].partition("/")
    parts = [part if _is_plain(part) else "…" for part in path.split("/")] if path else []
    return "/".join([head, *parts])


def _is_plain(part: str) -> bool:
    return VERSION.fullmatch(part) is not None or (
        len(part) <= 40 and not any(ch.isdigit() or ch == "%" for ch in part)
    )
