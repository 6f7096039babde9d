"""Reads the dated parameters: one file each, whose path is the parameter's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from decimal import Decimal, InvalidOperation
from pathlib import Path

from mbls_sync.errors import ParameterError
from mbls_sync.model.decisions import Value
from mbls_sync.policy.view import DatedValue, Parameter, ParameterKind
from mbls_sync.policy.yaml_text import Node, parse_day, read_yaml

NAME = re.compile(r"[a-z][a-z0-9_]*")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
YES = {"yes": True, "true": True, "no": False, "false": False}


def load_parameters(folder: Path) -> Mapping[str, Parameter]:
    """Every parameter below `folder`, by name: `first_day_calling/starts_at.yaml` is `first_day_calling.starts_at`.

    Each value is typed once, here. Raises ParameterError with file and line at the first that is not exactly right.
    """
    return {name: load_parameter(file, name) for name, file in parameter_files(folder)}


def parameter_files(folder: Path) -> tuple[tuple[str, Path], ...]:
    """The name and file of each parameter below `folder`, by name. Raises ParameterError for a file it cannot name."""
    if not folder.is_dir():
        raise ParameterError("is not a folder; the parameters of the policy are expected there", file=folder)
    found = [(_name(file, folder), file) for file in folder.rglob("*.y*ml") if not file.name.startswith(".")]
    return tuple(sorted(found))


def load_parameter(file: Path, name: str) -> Parameter:
    """Read one parameter's file."""
    root = read_yaml(file)
    fields = root.fields("a parameter", ("describes", "kind", "values"), ("review_by",))
    kind = _kind(fields["kind"])
    values = dated_values(fields["values"], kind)
    if not values:
        raise fields["values"].refuse(f"{name} has no value; add one under the date it starts")
    review = fields.get("review_by")
    return Parameter(
        name=name,
        describe=fields["describes"].filled("describes"),
        kind=kind,
        values=values,
        review_by=review.day("review_by") if review else None,
        file=file,
    )


def _name(file: Path, folder: Path) -> str:
    if file.suffix != ".yaml":
        raise ParameterError("would not be read: a parameter's file ends in .yaml; rename it", file=file)
    parts = file.relative_to(folder).with_suffix("").parts
    if not all(NAME.fullmatch(part) for part in parts):
        raise ParameterError("has a name that is not snake_case; the path is the parameter's name", file=file)
    return ".".join(parts)


def _kind(node: Node) -> ParameterKind:
    try:
        return ParameterKind(node.filled("kind"))
    except ValueError:
        known = ", ".join(ParameterKind)
        raise node.refuse(f"kind is {node.text()!r}; it must be one of {known}") from None


def dated_values(node: Node, kind: ParameterKind) -> tuple[DatedValue, ...]:
    """The values of a parameter in order of the day they start; none where nothing was written."""
    values = (_dated(day, item, kind) for day, item in node.table("values").items())
    return tuple(sorted(values, key=lambda value: value.since))


def _dated(day: str, node: Node, kind: ParameterKind) -> DatedValue:
    fields = node.fields(f"the value of {day}", ("value", "cites", "says"))
    return DatedValue(
        since=parse_day(day, node, "the day a value starts"),
        value=value_of(fields["value"], kind),
        cites=fields["cites"].filled("cites"),
        says=fields["says"].filled("says"),
    )


def value_of(node: Node, kind: ParameterKind) -> Value:
    """What was written, as its kind reads it; None where nothing was written: the duty ends."""
    if node.value == "":
        return None
    if kind is ParameterKind.TABLE:
        return tuple((key, item.text(key)) for key, item in node.table("a table").items())
    return _typed(node, node.filled("value"), kind)


def _typed(node: Node, text: str, kind: ParameterKind) -> Value:
    match kind:
        case ParameterKind.TIME if TIME.fullmatch(text):
            return time.fromisoformat(text)
        case ParameterKind.COUNT | ParameterKind.DAYS if text.isascii() and text.isdigit():
            return int(text)
        case ParameterKind.PERCENT if (percent := _percent(text)) is not None:
            return percent
        case ParameterKind.FLAG if text in YES:
            return YES[text]
        case ParameterKind.DATE:
            return parse_day(text, node, "the date")
        case ParameterKind.TEXT:
            return text
    raise node.refuse(f"{text!r} is no {kind}; {_HOW[kind]}")


_HOW = {
    ParameterKind.TIME: "write it as 09:15, on the 24-hour clock",
    ParameterKind.COUNT: "write a whole number without a sign",
    ParameterKind.DAYS: "write a whole number without a sign",
    ParameterKind.PERCENT: "write a number from 0 to 100 without the percent sign, such as 93 or 92.5",
    ParameterKind.FLAG: "write yes or no",
    ParameterKind.DATE: "write it as 2026-09-01",
    ParameterKind.REMINDER: "its rows stand in config/policy/reminders.yaml",
}


def _percent(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= 100 else None
