"""Reads the table of reminders: the duties that only a person can do, each row dated and cited like a parameter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from mbls_sync.errors import ParameterError
from mbls_sync.model.proposals import Rank
from mbls_sync.model.reminders import FIELDS, Reminder
from mbls_sync.policy.load import load_parameters
from mbls_sync.policy.places import parameter_folder, reminders_file
from mbls_sync.policy.view import REMINDERS, DatedValue, Parameter, ParameterKind
from mbls_sync.policy.yaml_text import Node, read_yaml

ID = re.compile(r"[a-z]+(-[a-z0-9]+)*")
LISTS = ("only", "steps", "outcomes")
NEEDED = ("id", "duty", "since", "title", "why", "role", "done_as", "cites", "says")
ALLOWED = (*(name for name in FIELDS if name not in NEEDED), "until")


def load_policy(config: Path) -> Mapping[str, Parameter]:
    """All that is dated in the policy: every parameter, and every row of the table of reminders.

    Raises ParameterError with file and line at the first that is not exactly right.
    """
    return {**load_parameters(parameter_folder(config)), **load_reminders(reminders_file(config))}


def load_reminders(file: Path) -> Mapping[str, Parameter]:
    """The rows of the table, by name: the row `parents-told` is `reminders.parents_told`.

    Rows of one id are the values of one reminder in the course of time. Raises ParameterError, with file and line.
    """
    found: dict[str, Parameter] = {}
    for node in read_yaml(file).fields("the table", ("reminders",))["reminders"].items("reminders"):
        row = _row(node)
        known = found.get(row.name)
        if known is not None and any(a.since == b.since for a in known.values for b in row.values):
            raise node.refuse("stands twice with the same `since`; keep one row, or write when the new one begins")
        values = (*known.values, *row.values) if known else row.values
        found[row.name] = replace(row, values=tuple(sorted(values, key=lambda value: value.since)))
    return dict(sorted(found.items()))


def reminders_in(parameters: Mapping[str, Parameter]) -> tuple[Parameter, ...]:
    """The reminders among the parameters, by name."""
    return tuple(found for _, found in sorted(parameters.items()) if found.kind is ParameterKind.REMINDER)


def _row(node: Node) -> Parameter:
    said = node.fields("a reminder", NEEDED, ALLOWED)
    id = said["id"].filled("id")
    if not ID.fullmatch(id):
        raise said["id"].refuse(f"{id!r} is no id; write lower case words with a hyphen between, such as parents-told")
    pairs = tuple((name, _text(name, said[name])) for name in FIELDS if name in said)
    _check(node, said, pairs)
    since, cites, says = said["since"].day("since"), said["cites"].filled("cites"), said["says"].filled("says")
    values = [DatedValue(since, pairs, cites, says)]
    if "until" in said:
        values.append(DatedValue(said["until"].day("until") + timedelta(days=1), None, cites, f"{says}: no longer"))
    name = REMINDERS + id.replace("-", "_")
    title = said["title"].filled("title")
    return Parameter(name, title, ParameterKind.REMINDER, tuple(values), None, node.file)


def _text(name: str, node: Node) -> str:
    if name in LISTS:
        return "\n".join(item.filled(name) for item in node.items(name))
    return node.filled(name)


def _check(node: Node, said: Mapping[str, Node], pairs: tuple[tuple[str, str], ...]) -> None:
    """Raises ParameterError where the row's words do not make a reminder."""
    if ("every" in said) == ("on" in said):
        raise node.refuse("a reminder has either `every`, a span of the calendar, or `on`, what sets it off")
    if "on" in said and "due" not in said:
        raise node.refuse("a reminder that an event sets off is due some school days after it; add `due`")
    for name in ("due", "ahead"):
        if name in said and not said[name].text().isdecimal():
            raise said[name].refuse(f"{name} is a number of school days, such as 5")
    try:
        row = Reminder.of(pairs)
    except (ValueError, TypeError) as error:
        raise ParameterError(f"the reminder cannot be read: {error}", file=node.file, line=node.line) from error
    if row.every and row.due == 0:
        raise said["due"].refuse("the first school day of a span is 1")
    if row.rank.upper() not in Rank.__members__:
        raise said["rank"].refuse(f"rank is {row.rank!r}; it may be {', '.join(r.name.lower() for r in Rank)}")
