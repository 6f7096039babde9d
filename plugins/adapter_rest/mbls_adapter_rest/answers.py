"""What an answer really says: the rules of the settings, and a status that stands in the body, before its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mbls_adapter_rest.bodies import COMMA, decoded
from mbls_adapter_rest.options import Options
from mbls_adapter_rest.options_wire import Rule
from mbls_adapter_rest.paths import Get, getter
from mbls_adapter_rest.values import BadValue, as_text
from mbls_sync.api import (
    Accepted,
    Answer,
    AuthRejected,
    BadPayload,
    MisError,
    PushResult,
    Refused,
    Rejected,
    Unknown,
    Unreachable,
    error_of_status,
)

ERRORS: Mapping[str, type[MisError]] = {"retry": Unreachable, "fail": Rejected, "auth": AuthRejected}
TOO_MANY = 429
SINCE_1970 = 1_000_000_000
"""A number of seconds above this is no wait but a clock's: that of September 2001, or later."""
TO_DO = {
    "retry": "it is out of order, and is asked again later",
    "fail": "compare what was asked with its manual",
    "auth": "renew the credentials",
}


@dataclass
class Read:
    """A body once it was looked at: what it holds, and whether a rule calls it empty."""

    document: Any = None
    empty: bool = False


@dataclass(frozen=True)
class Judging:
    """Looks at answers by the rules of one MIS."""

    rules: Sequence[tuple[Rule, Get | None]]
    status: Get | None
    clock: Callable[[], datetime]

    @classmethod
    def of(cls, options: Options, clock: Callable[[], datetime]) -> Judging:
        """By the settings."""
        rules = [(rule, getter(rule.path) if rule.path else None) for rule in options.rules]
        return cls(rules, getter(options.status_path) if options.status_path else None, clock)

    def judge(self, read: Read, form: str, delimiter: str = COMMA) -> Callable[[Answer], bool]:
        """Decodes an answer into `read`; says whether it is taken whatever its status. Raises what it really says."""

        def look(answer: Answer) -> bool:
            is_success = 200 <= answer.status < 300
            read.empty = False
            try:
                read.document = decoded(answer.body, form, delimiter)
            except BadPayload:
                # What an MIS in trouble answers need not be of the agreed form; its status says enough.
                read.document = None
                if is_success and not self._rule(answer.status, None):
                    raise
            rule = self._rule(answer.status, read.document)
            if rule is not None:
                return _done(rule, read, answer, self.clock)
            inner = self._inner_status(read.document)
            if inner is None:
                return False
            error = error_of_status(answer, inner, self.clock())
            if error is not None:
                raise error
            return True

        return look

    def of_write(self, result: PushResult, document: Any) -> PushResult:
        """What became of a write, once its answer's own status and the rules on bodies are heard too."""
        inner = self._inner_status(document)
        if inner is not None:
            said = f"the answer's own status is {inner}"
            if 200 <= inner < 300:
                # A server that failed on the way may say well of what never came to it.
                return result if isinstance(result, Unknown) else Accepted()
            return Unknown(f"{said}: it may have been taken") if inner >= 500 else Refused(said)
        rule = next((r for r, get in self.rules if r.path and r.status is None and _fits(r, get, 0, document)), None)
        if rule is None or rule.then not in ERRORS:
            return result
        said = rule.message or f"the rule on {rule.path} says so"
        return Unknown(said) if rule.then == "retry" else Refused(said)

    def _inner_status(self, document: Any) -> int | None:
        if self.status is None or document is None:
            return None
        try:
            said = as_text(self.status(document))
        except ValueError:
            return None
        return int(said) if said.isdigit() and len(said) == 3 else None

    def _rule(self, status: int, document: Any) -> Rule | None:
        return next((rule for rule, get in self.rules if _fits(rule, get, status, document)), None)


def _fits(rule: Rule, get: Get | None, status: int, document: Any) -> bool:
    if rule.status is not None and rule.status != status:
        return False
    if get is None:
        return True
    value = get(document)
    if rule.equals is not None:
        return bool(value == rule.equals) and isinstance(value, bool) == isinstance(rule.equals, bool)
    if rule.contains:
        return value is not None and rule.contains in str(value)
    return value is not None


def _done(rule: Rule, read: Read, answer: Answer, clock: Callable[[], datetime]) -> bool:
    if when := _when(rule, read.document, answer, clock()):
        error = error_of_status(replace(answer, headers={"retry-after": when}), TOO_MANY, clock())
        assert error is not None  # noqa: S101 - the status is one
        raise error
    if rule.then in ERRORS:
        where = f"at {rule.path}" if rule.path else f"by HTTP {rule.status}"
        raise ERRORS[rule.then](rule.message or f"the MIS answered with an error ({where}); {TO_DO[rule.then]}")
    read.empty = rule.then == "empty"
    return True


def _when(rule: Rule, document: Any, answer: Answer, now: datetime) -> str:
    """When to come again, as a Retry-After says it; empty where the rule names no place, or nothing stands there."""
    try:
        said = as_text(getter(rule.wait)(document)) if rule.wait else ""
    except BadValue:
        said = ""
    said = said or answer.headers.get(rule.wait_header.lower(), "").strip()
    is_a_clock = said.isdigit() and int(said) > SINCE_1970
    return str(int(said) - int(now.timestamp())) if is_a_clock else said
