"""Reads the LAs' profiles, `config/la/<name>.yaml`, as strictly as the policy, and lays their dated values over it.

A profile may give another value to a parameter of the policy that exists; it can make none up. Each of its
values cites its source, or says that it is the school's own.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from string import Formatter

from mbls_sync.errors import ConfigurationError
from mbls_sync.model.la_profile import (
    FILE_NAME_FIELDS,
    Check,
    Column,
    FileFormat,
    LaProfile,
    PacketForm,
    ReturnForm,
    Weight,
)
from mbls_sync.policy.load import dated_values
from mbls_sync.policy.view import Parameter
from mbls_sync.policy.yaml_text import Node, parse_day, read_yaml

OWN = "the school's own"
"""What stands as a source where no LA and no law says it."""

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
CHANNELS = ("e-form", "portal", "telephone", "upload", "secure-email", "sftp")
ENCRYPTIONS = ("none", "zip", "7z")
YES = {"yes": True, "no": False}
FORM = ("title", "cites", "channel", "format")
FORM_MAY = ("contact", "file_name", "encoding", "encryption", "one_pupil_each", "csa_only", "nil", "columns", "checks")


def load_profiles(folder: Path) -> Mapping[str, LaProfile]:
    """Every LA's profile, by the name of its file. Raises ParameterError with file and line."""
    return {file.stem: load_profile(file) for file in sorted(folder.glob("*.yaml"))}


def choose(profiles: Mapping[str, LaProfile], name: str, la_code: str) -> LaProfile:
    """The profile called `name`; without a name that of the LA's number, else the default.

    Raises ConfigurationError for a name that no file has. Where there is no file at all, an empty profile.
    """
    if name:
        if name not in profiles:
            there = ", ".join(profiles) or "none"
            raise ConfigurationError(f"la_profile is {name!r}, and config/la has: {there}; correct it, or add its file")
        return profiles[name]
    ranked = sorted(profiles.values(), key=lambda p: (p.la_code != la_code, not p.is_default, p.name))
    return ranked[0] if ranked and (ranked[0].la_code == la_code or ranked[0].is_default) else LaProfile()


def laid_over(parameters: Mapping[str, Parameter], profile: LaProfile) -> Mapping[str, Parameter]:
    """The policy with the LA's own values in the place of those of the same name.

    Raises ParameterError for a name that the policy does not have, or a value of another kind.
    """
    if not profile.file:
        return parameters
    fields = read_yaml(Path(profile.file)).table("a profile")
    over = fields["policy"].table("policy") if "policy" in fields else {}
    return {**parameters, **{name: _over(parameters, name, node) for name, node in over.items()}}


def _over(parameters: Mapping[str, Parameter], name: str, node: Node) -> Parameter:
    known = parameters.get(name)
    if known is None:
        raise node.refuse(f"no parameter of the policy is called {name!r}; an LA's profile may only set one that is")
    values = dated_values(node, known.kind)
    if not values:
        raise node.refuse(f"{name} has no value; add one under the date it starts, or leave the name out")
    # What held before the LA's first value stays: yesterday is judged by yesterday's agreement.
    before = tuple(value for value in known.values if value.since < values[0].since)
    return replace(known, values=(*before, *values), file=node.file)


def load_profile(file: Path) -> LaProfile:
    """Read one LA's profile."""
    if not NAME.fullmatch(file.stem):
        raise read_yaml(file).refuse("the file's name is the profile's: lower case with hyphens; rename it")
    fields = read_yaml(file).fields(
        "a profile", ("la_code", "la_name", "returns"), ("default", "review_by", "policy", "packets")
    )
    la_code = fields["la_code"].filled("la_code")
    if not re.fullmatch(r"\d{3}", la_code):
        raise fields["la_code"].refuse(f"la_code is {la_code!r}; it has three digits, such as '823'")
    returns = fields["returns"].table("returns")
    packets = fields["packets"].table("packets") if "packets" in fields else {}
    return LaProfile(
        name=file.stem,
        la_code=la_code,
        la_name=fields["la_name"].filled("la_name"),
        is_default=_yes(fields.get("default"), "default"),
        file=str(file),
        review_by=fields["review_by"].day("review_by") if "review_by" in fields else None,
        forms={name: tuple(_forms(name, node)) for name, node in returns.items()},
        packet_forms={kind: tuple(_packet_forms(kind, node)) for kind, node in packets.items()},
    )


def _forms(name: str, node: Node) -> Iterator[ReturnForm]:
    for since, item in _by_date(name, node):
        yield replace(_form(name, item), since=since)


def _packet_forms(kind: str, node: Node) -> Iterator[PacketForm]:
    for since, item in _by_date(kind, node):
        fields = item.fields(f"a form of {kind}", ("title", "cites", "channel"), ("contact", "encryption", "checks"))
        yield PacketForm(
            kind=kind,
            since=since,
            title=fields["title"].filled("title"),
            cites=fields["cites"].filled("cites"),
            channel=_one_of(fields["channel"], "channel", CHANNELS),
            contact=fields["contact"].filled("contact") if "contact" in fields else "",
            encryption=_one_of(fields["encryption"], "encryption", ENCRYPTIONS) if "encryption" in fields else "none",
            checks=tuple(_checks(fields["checks"])) if "checks" in fields else (),
            place=_place(item),
        )


def _by_date(name: str, node: Node) -> list[tuple[date, Node]]:
    """The forms of a return or a kind of packet, by the day from which each is taken."""
    if not NAME.fullmatch(name):
        raise node.refuse(f"{name!r} is no name of a return or a packet; write it in lower case with hyphens")
    dated = node.table(f"the forms of {name}")
    if not dated:
        raise node.refuse(f"{name} has no form; add one under the date from which the LA takes it so")
    found = [(parse_day(day, item, "the day from which a form is taken"), item) for day, item in dated.items()]
    return sorted(found, key=lambda pair: pair[0])


def _form(name: str, node: Node) -> ReturnForm:
    fields = node.fields(f"a form of {name}", FORM, FORM_MAY)
    plain = ReturnForm(name)
    return ReturnForm(
        name=name,
        title=fields["title"].filled("title"),
        cites=fields["cites"].filled("cites"),
        channel=_one_of(fields["channel"], "channel", CHANNELS),
        contact=fields["contact"].filled("contact") if "contact" in fields else "",
        format=FileFormat(_one_of(fields["format"], "format", tuple(FileFormat))),
        file_name=_file_name(fields["file_name"]) if "file_name" in fields else plain.file_name,
        encoding=_encoding(fields["encoding"]) if "encoding" in fields else plain.encoding,
        encryption=_one_of(fields["encryption"], "encryption", ENCRYPTIONS) if "encryption" in fields else "none",
        one_pupil_each=_yes(fields.get("one_pupil_each"), "one_pupil_each"),
        csa_only=_yes(fields.get("csa_only"), "csa_only"),
        nil=_yes(fields.get("nil"), "nil"),
        columns=tuple(_columns(fields["columns"])) if "columns" in fields else (),
        checks=tuple(_checks(fields["checks"])) if "checks" in fields else (),
        place=_place(node),
    )


def _columns(node: Node) -> Iterator[Column]:
    seen: set[str] = set()
    for item in node.items("columns"):
        said = item.fields("a column", ("head", "field"), ("required",))
        head = said["head"].filled("head")
        if head in seen:
            raise item.refuse(f"two columns have the head {head!r}; the receiver could not tell them apart")
        seen.add(head)
        required = _yes(said.get("required"), "required")
        yield Column(head, said["field"].filled("field"), required, _place(said["field"]))


def _checks(node: Node) -> Iterator[Check]:
    for rule, item in node.table("checks").items():
        said = item.fields(f"the check {rule}", ("weight", "source"))
        weight = Weight(_one_of(said["weight"], "weight", tuple(Weight)))
        source = said["source"].filled("source")
        yield Check(rule, weight, "" if source == OWN else source, _place(item))


def _file_name(node: Node) -> str:
    text = node.filled("file_name")
    try:
        named = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    except ValueError as error:
        raise node.refuse(f"file_name cannot be read: {error}") from None
    strange = [name for name in named if name not in FILE_NAME_FIELDS]
    if strange or "number" not in named or "period" not in named:
        fields = ", ".join(f"{{{name}}}" for name in FILE_NAME_FIELDS)
        raise node.refuse(
            f"file_name is {text!r}; it is made of {fields}, and needs {{period}} and {{number}}, so that no file "
            f"takes the place of one that was sent"
        )
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", re.sub(r"\{\w+\}", "", text) or "_"):
        raise node.refuse(f"file_name is {text!r}; between its fields only letters, digits, _, - and . can stand")
    return text


def _encoding(node: Node) -> str:
    text = node.filled("encoding")
    try:
        codecs.lookup(text)
    except LookupError:
        raise node.refuse(f"{text!r} is no encoding; write utf-8, utf-8-sig or cp1252") from None
    return text


def _one_of(node: Node, what: str, known: Iterable[str]) -> str:
    text = node.filled(what)
    if text not in tuple(known):
        raise node.refuse(f"{what} is {text!r}; it is one of {', '.join(known)}")
    return text


def _yes(node: Node | None, what: str) -> bool:
    if node is None:
        return False
    if node.text(what) not in YES:
        raise node.refuse(f"{what} is yes or no")
    return YES[node.text(what)]


def _place(node: Node) -> str:
    return f"{node.file}:{node.line}"
