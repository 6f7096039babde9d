"""Secrets as they are handed to HTTP, and nowhere else: written in the settings, or held by a file."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from mbls_adapter_rest.options import Options
from mbls_adapter_rest.options_wire import BasicAuth, BearerAuth, OAuthAuth, Secret
from mbls_sync.api import Auth, Basic, Bearer, ConfigurationError, Given, Http, Manners, OAuth


def opened(options: Options, given: Given) -> Http:
    """HTTP to the MIS, with its credentials. Raises ConfigurationError for a secret's file that cannot be read."""
    headers = {name: secret(value, given.folder) for name, value in options.headers.items()}
    return given.connect(
        options.base_url, headers, auth=_auth(options, given.folder), manners=_manners(options, given.folder)
    )


def secret(value: Secret, folder: Path) -> str:
    """What a secret is. Raises ConfigurationError, without any of it."""
    if isinstance(value, SecretStr):
        said, where = value.get_secret_value(), None
    else:
        where = folder / value.file
        try:
            said = where.read_text(encoding="utf-8-sig").strip()
        except OSError as error:
            raise ConfigurationError(
                f"should hold a secret of the MIS and cannot be read ({error.strerror}); make it, and let this user "
                "read it",
                file=where,
            ) from None
        except UnicodeDecodeError:
            raise ConfigurationError(
                "should hold a secret of the MIS and is no text in UTF-8, as PowerShell writes; save it as UTF-8",
                file=where,
            ) from None
    if not said or not said.isprintable():
        raise ConfigurationError("a secret of the MIS is empty or holds a line break; write it whole", file=where)
    return said


def _auth(options: Options, folder: Path) -> Auth | None:
    match options.auth:
        case BasicAuth(user=user, password=password):
            return Basic(user, secret(password, folder))
        case BearerAuth(token=token):
            return Bearer(secret(token, folder))
        case OAuthAuth() as auth:
            return OAuth(
                token_url=auth.token_url,
                client_id=auth.client_id,
                client_secret=secret(auth.client_secret, folder),
                refresh_token=secret(auth.refresh_token, folder) if auth.refresh_token else "",
                scope=auth.scope,
                params=auth.params,
                secret_in_body=auth.client_in == "body",
                headers={name: secret(value, folder) for name, value in auth.headers.items()},
                keep_in=folder / auth.keep_in if auth.keep_in else None,
            )
    return None


def _manners(options: Options, folder: Path) -> Manners:
    given = options.http
    return Manners(
        connect_timeout=given.connect_timeout,
        read_timeout=given.read_timeout,
        deadline=given.deadline,
        most_bytes=given.most_megabytes << 20,
        attempts=given.attempts,
        first_wait=given.first_wait,
        longest_wait=given.longest_wait,
        per_second=given.per_second,
        burst=given.burst,
        ca=folder / given.ca if given.ca else None,
        proxy=secret(given.proxy, folder) if given.proxy else None,
    )
