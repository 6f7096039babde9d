"""What an adapter is given: reads that are patient, writes that are sent once."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random

from mbls_sync.errors import AuthRejected, BadPayload, Busy, ConfigurationError, Unreachable
from mbls_sync.mis_http.manners import Answer, Auth, Basic, Bearer, Manners, OAuth
from mbls_sync.mis_http.origin import Origin
from mbls_sync.mis_http.outcomes import busy, error_of_status, is_success, result_of, shown
from mbls_sync.mis_http.pace import Pace
from mbls_sync.mis_http.tokens import Tokens, basic
from mbls_sync.mis_http.wire import Lost, Wire
from mbls_sync.model.deliveries import PushResult, Refused, Unknown

NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
Judge = Callable[[Answer], bool]
"""Looks at an answer before its status does: True takes it as it is; it may raise what the answer really says."""
Tell = Callable[..., None]
"""Hears of every wait: the name of the event, and its facts."""


class MisHttp:
    """One origin's HTTP."""

    def __init__(
        self,
        origin: str,
        headers: Mapping[str, str],
        auth: Auth | None,
        manners: Manners,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        tell: Tell,
        known: dict[object, Tokens],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._origin, self._headers, self._manners = Origin.of(origin), dict(headers), manners
        self._clock, self._sleep, self._tell = clock, sleep, tell
        self._wire = Wire(self._origin, manners)
        self._pace = Pace(manners, tick, sleep)
        self._tokens = self._token_source(auth, known, tick) if isinstance(auth, OAuth) else None
        match auth:
            case Basic(user=user, password=password):
                self._headers["Authorization"] = basic(user, password)
            case Bearer(token=token):
                self._headers["Authorization"] = f"Bearer {token}"
        for name, value in self._headers.items():
            _refuse_unfit(name, value, self._origin)

    def get(self, path: str, **query: str) -> bytes:
        """Read the body at a path; tried again where that is safe. Raises MisError."""
        return self.ask(path, query).body

    def ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        judge: Judge | None = None,
    ) -> Answer:
        """Read the whole answer at a path below the base. Raises MisError.

        `judge` looks first: it returns True to take an answer whatever its status (an empty 404), or raises what a
        success really says (an error inside a 200). Only Unreachable is tried again.
        """
        return self._patiently(method, _with(self._origin.at(path), query), body, headers, judge)

    def follow(
        self, link: str, after: Answer, *, headers: Mapping[str, str] | None = None, judge: Judge | None = None
    ) -> Answer:
        """Read what a link in an answer names. Raises BadPayload, before anything is sent, where it leads elsewhere."""
        return self._patiently("GET", self._origin.follow(link, after.url), None, headers, judge)

    def send(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[PushResult, bytes]:
        """Write once, never again by itself; what became of it, and the body of the answer.

        Raises Unreachable where no connection was made, and Busy on a 429: nothing was changed then.
        """
        url = _with(self._origin.at(path), query)
        # A connection kept open may have been left by the MIS, and whether a write on it arrived is then unknown.
        self._wire.hang_up()
        try:
            answer = self._once(method, url, body, headers)
        except (Lost, BadPayload) as error:
            return Unknown(str(error)), b""
        except AuthRejected as error:
            return Refused(str(error)), b""
        if answer.status == 429:
            raise busy(shown(url), answer.headers.get("retry-after", ""), self._clock())
        if answer.status == 401 and self._tokens is not None:
            self._tokens.forget()
        return result_of(answer), answer.body

    def _patiently(
        self, method: str, url: str, body: Any, headers: Mapping[str, str] | None, judge: Judge | None
    ) -> Answer:
        manners = self._manners
        first, longest = manners.first_wait, manners.longest_wait
        rising = wait_exponential(multiplier=first, max=longest) + wait_random(0, first)

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            return error.retry_after if isinstance(error, Busy) else rising(state)

        def is_worth_it(error: BaseException) -> bool:
            too_long = isinstance(error, Busy) and error.retry_after > longest
            return isinstance(error, Unreachable) and not too_long

        retrying = Retrying(
            stop=stop_after_attempt(manners.attempts),
            wait=wait,
            retry=retry_if_exception(is_worth_it),
            sleep=self._sleep,
            before_sleep=self._say_waiting,
            reraise=True,
        )
        answer: Answer = retrying(self._read, method, url, body, headers, judge)
        return answer

    def _say_waiting(self, state: RetryCallState) -> None:
        """Waiting looks like a hang to whoever watches: say it."""
        error = state.outcome.exception() if state.outcome else None
        seconds = round(state.next_action.sleep if state.next_action else 0.0, 1)
        self._tell("mis.waiting", source=str(self._origin), seconds=seconds, attempt=state.attempt_number, error=error)

    def _read(self, method: str, url: str, body: Any, headers: Mapping[str, str] | None, judge: Judge | None) -> Answer:
        answer = self._once(method, url, body, headers)
        if self._tokens is None:
            return self._taken(answer, judge)
        if answer.status != 401:
            try:
                return self._taken(answer, judge)
            except AuthRejected:
                # Some say within a 200 that a token has ended, and some end it before its time.
                if not is_success(answer.status):
                    raise
        self._tokens.forget()
        return self._taken(self._once(method, url, body, headers), judge)

    def _taken(self, answer: Answer, judge: Judge | None) -> Answer:
        if judge is not None and judge(answer):
            return answer
        error = error_of_status(answer, answer.status, self._clock())
        if error is not None:
            raise error
        return answer

    def _once(self, method: str, url: str, body: Any, headers: Mapping[str, str] | None) -> Answer:
        self._pace.wait()
        content, kind = _content(body)
        sent = {**kind, "Accept": "application/json, */*;q=0.5", **self._headers, **(headers or {})}
        if self._tokens is not None:
            sent["Authorization"] = self._tokens.header()
        return self._wire.exchange(method, url, sent, content)

    def _token_source(self, auth: OAuth, known: dict[object, Tokens], tick: Callable[[], float]) -> Tokens:
        """Where tokens come from; the same for every opening, so that a pass a minute fetches no token a minute."""
        more = tuple(sorted(auth.params.items()))
        key = (auth.token_url, auth.client_id, auth.client_secret, auth.refresh_token, auth.scope, auth.keep_in, more)
        if key in known:
            return known[key]
        origin = Origin.of(auth.token_url)
        wire = Wire(origin, self._manners)

        def post(url: str, headers: dict[str, str], form: bytes) -> Answer:
            try:
                return wire.exchange("POST", url, headers, form)
            except Lost as error:
                raise Unreachable(str(error)) from None

        known[key] = Tokens(auth, post, tick)
        return known[key]


def _refuse_unfit(name: str, value: str, origin: Origin) -> None:
    """Refuse a header that cannot be sent: found at the first write, it would look like a lost answer."""
    if not NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r}, a header for {origin}, is no name of one: letters, digits and dashes only")
    if not (value.isascii() and value.isprintable()) or value != value.strip():
        raise ConfigurationError(
            f"the header {name} for {origin} cannot carry its value: it begins or ends with a blank, or holds a letter "
            "beyond ASCII; copy the secret anew from the vendor's page"
        )


def _content(body: Any) -> tuple[bytes | None, dict[str, str]]:
    if body is None:
        return None, {}
    if isinstance(body, bytes):
        return body, {}
    if isinstance(body, str):
        return body.encode(), {"Content-Type": "text/plain; charset=utf-8"}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode(), {"Content-Type": "application/json"}


def _with(url: str, query: Mapping[str, str] | None) -> str:
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
