"""The tables of the settings file: what each may say, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

from mbls_sync.contracts import Resource
from mbls_sync.render.archive import Seal

LOOPBACK = ("localhost", "127.0.0.1", "::1")

Filled = Annotated[str, Field(min_length=1)]
ADDRESS = re.compile(r"[^\r\n,@]*[^\s,@]@[^\s,@]+")


def _address(text: str) -> str:
    """A mail address, with or without a name before it. A line break in it would begin a header of its own."""
    if not ADDRESS.fullmatch(text):
        raise ValueError("a mail address is wanted, such as office@school.example")
    return text


def _digits(count: int, such_as: str) -> AfterValidator:
    """That many digits, kept as text: one that begins with a nought is none else."""

    def read(text: str) -> str:
        if not re.fullmatch(rf"[0-9]{{{count}}}", text):
            raise ValueError(f'{count} digits are wanted, in quotes, such as "{such_as}"')
        return text

    return AfterValidator(read)


def _short_name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", text):
        raise ValueError("lower-case letters, digits and hyphens are wanted, such as my-school")
    return text


Address = Annotated[str, AfterValidator(_address)]

SAID = {
    "extra_forbidden": "is no setting; correct its name or remove it",
    "missing": "is missing; add it",
    "too_short": "at least one is wanted",
    "string_too_short": "must not be empty",
    "string_type": 'a text is wanted, in quotes, such as "823"',
    "tuple_type": 'a list is wanted, such as ["one", "two"]',
    "list_type": 'a list is wanted, such as ["one", "two"]',
    "dict_type": "a table of settings is wanted",
    "model_type": "a table of settings is wanted",
    "model_attributes_type": "a table of settings is wanted",
    "bool_type": "true or false is wanted",
    "bool_parsing": "true or false is wanted",
    "int_type": "a whole number is wanted",
    "int_parsing": "a whole number is wanted",
    "float_type": "a number is wanted",
    "float_parsing": "a number is wanted",
    "date_type": "a date is wanted, such as 2026-09-01",
    "date_parsing": "a date is wanted, such as 2026-09-01",
    "date_from_datetime_parsing": "a date is wanted, such as 2026-09-01",
    "date_from_datetime_inexact": "a date is wanted, such as 2026-09-01",
}


def in_our_words(kind: str, says: str) -> str:
    """What is wrong with a value as the reader of a settings file puts it, by the kind of the error."""
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        there = says.partition("expected tags: ")[2]
        return f"its `type` must be {there}" if there else "needs a `type`, which says what else it holds"
    said = says.removeprefix("Value error, ").replace("Input should be", "must be")
    return SAID.get(kind, said.replace("String should match pattern", "must look like"))


class Part(BaseModel):
    """A table of the settings file. An unknown key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SchoolPart(Part):
    """[school]: who the school is, as it stands on every paper."""

    id: Annotated[str, AfterValidator(_short_name)]
    name: Filled
    la_code: Annotated[str, _digits(3, "823")]
    la_name: Filled
    establishment_number: Annotated[str, _digits(4, "0123")]
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


class ChannelPart(Part):
    """[channels.NAME]: one way to one receiver. `papers` are the returns and packets that go by it.

    `endings` are those of the files that the receiver takes; left out, all that is theirs, with the manifest.
    """

    kind: Filled
    papers: Annotated[tuple[Filled, ...], Field(min_length=1)]
    recipient: Filled
    seal: Seal = Seal.ZIP
    passphrase: SecretStr = SecretStr("")
    endings: tuple[Filled, ...] = ()
    options: Annotated[dict[str, Any], Field(repr=False)] = {}


class MailPart(Part):
    """[task_list.mail]: the list by mail. A host beyond this machine needs `allow_remote` and TLS."""

    to: Annotated[tuple[Address, ...], Field(min_length=1)]
    sender: Address
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
