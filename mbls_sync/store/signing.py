"""The school's signing key: what it signs can be made by nobody who can only write to the database.

The key lies in a file beside the database or where the settings say, never in the database itself. Against somebody
who can read that file as well it proves nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mbls_sync.errors import ConfigurationError
from mbls_sync.store.chain import canonical

SHORTEST = 32
"""How many characters a key has at least: the length of the hash that it keys."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret, and what it signs (HMAC with SHA-256). `id` names the key and does not tell it."""

    secret: str = field(repr=False)

    @property
    def id(self) -> str:
        """What the key is called in the audit."""
        return self.sign({"the key": "itself"})[:16]

    def sign(self, facts: Mapping[str, Any]) -> str:
        """The signature of the facts."""
        return hmac.new(self.secret.encode(), canonical(dict(facts)).encode(), hashlib.sha256).hexdigest()

    def signed(self, facts: Mapping[str, Any], signature: object) -> bool:
        """Whether this key made the signature, of these facts."""
        return isinstance(signature, str) and hmac.compare_digest(self.sign(facts), signature)


def read_key(file: Path) -> SigningKey | None:
    """The key in a file; None where there is no file. Raises ConfigurationError for one that is no key."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the signing key cannot be read ({type(error).__name__})", file=file) from None
    try:
        return a_key(text)
    except ConfigurationError as error:
        raise ConfigurationError(str(error), file=file) from None


def a_key(text: str) -> SigningKey:
    """The key that a text is. Raises ConfigurationError for one that is too short to sign with."""
    if len(text.strip()) < SHORTEST:
        raise ConfigurationError(f"a signing key has {SHORTEST} characters or more; restore it from the backup")
    return SigningKey(text.strip())


def make_key(file: Path) -> SigningKey:
    """A new key, written where only this user reads it: whole or not at all, and there after a power cut."""
    key = SigningKey(secrets.token_hex(SHORTEST))
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.part")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"{key.secret}\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(half, file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return key
