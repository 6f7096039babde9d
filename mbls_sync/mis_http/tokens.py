"""OAuth 2 tokens: fetched from their own configured origin, kept until they are about to expire."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from mbls_sync.errors import AuthRejected, ConfigurationError, MisError, Unreachable
from mbls_sync.mis_http.manners import Answer, OAuth
from mbls_sync.mis_http.outcomes import is_success, shown

EARLY = 60.0
"""Seconds before its end at which a token is no longer used: clocks differ, and a request takes time."""
USUAL_LIFE = 300.0
"""Seconds that a token is kept which does not say how long it lasts."""

Post = Callable[[str, dict[str, str], bytes], Answer]


class Tokens:
    """The access token of one source. `post` sends to the token's own origin."""

    def __init__(self, auth: OAuth, post: Post, tick: Callable[[], float]) -> None:
        self._auth, self._post, self._tick = auth, post, tick
        self._token, self._until = "", 0.0
        self._refresh = _kept(auth.keep_in) or auth.refresh_token

    def header(self) -> str:
        """The Authorization header of now. Raises MisError where no token is given out."""
        if not self._token or self._tick() >= self._until:
            self._fetch()
        return f"Bearer {self._token}"

    def forget(self) -> None:
        """The token was refused: the next one is fetched afresh."""
        self._token = ""

    def _fetch(self) -> None:
        auth = self._auth
        form = {**auth.params, "grant_type": "refresh_token" if self._refresh else "client_credentials"}
        if self._refresh:
            form["refresh_token"] = self._refresh
        if auth.scope:
            form["scope"] = auth.scope
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", **auth.headers}
        if auth.secret_in_body:
            form |= {"client_id": auth.client_id, "client_secret": auth.client_secret}
        else:
            headers["Authorization"] = basic(auth.client_id, auth.client_secret)
        self._take(self._post(auth.token_url, headers, urlencode(form).encode()))

    def _take(self, answer: Answer) -> None:
        where = shown(answer.url)
        if answer.status >= 500 or answer.status == 429:
            raise Unreachable(f"{where} gives out no token at present (HTTP {answer.status})")
        if not is_success(answer.status):
            raise AuthRejected(
                f"{where} gave no token for the configured client (HTTP {answer.status}); renew client_id, "
                "client_secret or refresh_token"
            )
        said = _object(answer.body)
        token, life = said.get("access_token"), said.get("expires_in", USUAL_LIFE)
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise AuthRejected(f"{where} answered without an access token; correct `token_url`")
        seconds = float(life) if isinstance(life, (int, float, str)) and str(life).isdigit() else USUAL_LIFE
        self._token, self._until = token, self._tick() + max(seconds - EARLY, seconds / 2)
        newer = said.get("refresh_token")
        if isinstance(newer, str) and newer and self._refresh and newer != self._refresh:
            self._refresh = newer
            _keep(self._auth.keep_in, newer)


def basic(user: str, password: str) -> str:
    """The header of HTTP Basic."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _kept(file: Path | None) -> str:
    if file is None or not file.exists():
        return ""
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"the refresh token cannot be read ({error.strerror})", file=file) from None


def _keep(file: Path | None, token: str) -> None:
    if file is None:
        return
    aside = file.with_suffix(".tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(token)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(file)
    except OSError as error:
        raise MisError(
            f"{file}: the new refresh token cannot be kept ({error.strerror}), and the old one is spent; give this "
            "user the right to write there, then ask the vendor for a fresh token"
        ) from None
