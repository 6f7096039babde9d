"""The tables of the settings file: what each may say, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from mbls_sync.contracts import Resource

LOOPBACK = ("localhost", "127.0.0.1", "::1")

Filled = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """A table of the settings file. An unknown key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SchoolPart(Part):
    """[school]: who the school is, as it stands on every paper."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: Filled
    la_code: Annotated[str, Field(pattern=r"^\d{3}$")]
    la_name: Filled
    establishment_number: Annotated[str, Field(pattern=r"^\d{4}$")]
    urn: str = ""
    address: str = ""
    telephone: str = ""
    email: str = ""
    head: str = ""
    attendance_officer: str = ""


class SourcePart(Part):
    """[sources.NAME]: one place that data comes from. `resources` empty: all that it offers."""

    adapter: Filled
    resources: tuple[Resource, ...] = ()
    options: Annotated[dict[str, Any], Field(repr=False)] = {}


class MailPart(Part):
    """[task_list.mail]: the list by mail. A host beyond this machine needs `allow_remote` and TLS."""

    to: Annotated[tuple[Filled, ...], Field(min_length=1)]
    sender: Filled
    host: str = "localhost"
    port: Annotated[int, Field(gt=0, lt=65536)] = 25
    tls: Literal["none", "starttls", "tls"] = "none"
    allow_remote: bool = False
    user: str = ""
    password: SecretStr = SecretStr("")

    @field_validator("allow_remote")
    @classmethod
    def _remote_only_on_purpose(cls, allowed: bool, info: Any) -> bool:
        host, tls = info.data.get("host", "localhost"), info.data.get("tls", "none")
        if host not in LOOPBACK and not (allowed and tls != "none"):
            raise ValueError("a mail host beyond this machine needs allow_remote = true and tls = starttls or tls")
        return allowed

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=True)


class TaskListPart(Part):
    """[task_list]: where the day's list is put, beside DIR/out, and to whom it is mailed."""

    folder: Path | None = None
    mail: MailPart | None = None


class LogPart(Part):
    """[log]: `auto` is console on a terminal and JSON elsewhere."""

    format: Literal["auto", "console", "json"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"
