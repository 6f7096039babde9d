"""What the settings say about reaching an MIS: address, credentials, manners, and what its answers mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

Filled = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """A table of the options. An unknown key is refused, so that a slip of the pen cannot pass for a setting."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SecretFile(Part):
    """`{file = "…"}`: the secret is what the file holds; a relative path is against the school's folder."""

    file: Path


Secret = SecretStr | SecretFile
"""A secret, written here, set by its MBLS_* variable, or kept in a file."""


class Secretive(Part):
    """A table that holds a secret: `token_file = "…"` is short for `token = {file = "…"}`, as its variable is named."""

    @model_validator(mode="before")
    @classmethod
    def _files_are_named(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        kinds = {name: str(field.annotation) for name, field in cls.model_fields.items()}
        short = {name: f"{name}_file" for name, kind in kinds.items() if "SecretFile" in kind and "dict" not in kind}
        for name, named in short.items():
            if name in given and named in given:
                raise ValueError(f"{name} and {named} are both set; one would win silently: remove one")
        files = {name: {"file": given[named]} for name, named in short.items() if named in given}
        return {name: value for name, value in given.items() if name not in short.values()} | files


class BasicAuth(Secretive):
    """`auth = {type = "basic", …}`."""

    type: Literal["basic"]
    user: Filled
    password: Secret


class BearerAuth(Secretive):
    """`auth = {type = "bearer", …}`."""

    type: Literal["bearer"]
    token: Secret


class OAuthAuth(Secretive):
    """`auth = {type = "oauth", …}`: client credentials or, with `refresh_token`, that grant.

    `params` are sent beside the grant, such as an audience. `keep_in` is the file that a newer refresh token is kept
    in, where the MIS hands one out.
    """

    type: Literal["oauth"]
    token_url: Filled
    client_id: Filled
    client_secret: Secret
    refresh_token: Secret | None = None
    scope: str = ""
    client_in: Literal["body", "header"] = "body"
    params: dict[str, str] = {}
    headers: dict[str, Secret] = {}
    keep_in: Path | None = None


Auth = Annotated[BasicAuth | BearerAuth | OAuthAuth, Field(discriminator="type")]


class HttpPart(Secretive):
    """[options.http]: timeouts in seconds, caps, pace, trust. Relative paths are against the school's folder."""

    connect_timeout: Annotated[float, Field(gt=0, le=120)] = 10
    read_timeout: Annotated[float, Field(gt=0, le=600)] = 60
    deadline: Annotated[float, Field(gt=0, le=3600)] = 180
    most_megabytes: Annotated[int, Field(gt=0, le=1024)] = 64
    attempts: Annotated[int, Field(ge=1, le=20)] = 5
    first_wait: Annotated[float, Field(ge=0, le=60)] = 1
    longest_wait: Annotated[float, Field(ge=0, le=600)] = 60
    per_second: Annotated[float, Field(ge=0)] = 0
    burst: Annotated[int, Field(ge=1)] = 1
    ca: Path | None = None
    proxy: Secret | None = None


class Rule(Part):
    """One of [[options.rules]]: an answer that does not mean what its status says. The first that fits is used.

    It fits by `status`, by what stands at `path` in the body (`equals`, `contains`, or that it is there at all), or by
    both. `ok` takes the answer as it is, `empty` as one without rows; `retry`, `fail` and `auth` are errors: the
    MIS is out of order, has refused, or knows the credentials no more. `message` says it in the school's words.
    Beside `retry`, `wait` is the path in the body, and `wait_header` the header, that says when to come again: in so
    many seconds, at a date, or at a second counted from 1970.
    """

    status: int | None = None
    path: str = ""
    equals: Any = None
    contains: str = ""
    then: Literal["ok", "empty", "retry", "fail", "auth"]
    message: str = ""
    wait: str = ""
    wait_header: str = ""

    @model_validator(mode="after")
    def _fits_something(self) -> Self:
        if self.status is None and not self.path:
            raise ValueError("a rule needs a status or a path, else it would fit every answer")
        if not self.path and (self.equals is not None or self.contains):
            raise ValueError("equals and contains speak of what stands at a path; name the path")
        if (self.wait or self.wait_header) and self.then != "retry":
            raise ValueError('wait says when to ask again, so it stands beside then = "retry"')
        return self
