"""Reads the kinds of events: the words for the steps of a case that rules, letters and papers know."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from mbls_sync.model.reminders import ENTRY
from mbls_sync.policy.places import events_file, shipped_config
from mbls_sync.policy.reminders import reminders_in
from mbls_sync.policy.view import Parameter
from mbls_sync.policy.yaml_text import Node, read_yaml

KIND = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NEAREST = 3


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event: what it says that was done, and what its outcome holds."""

    kind: str
    says: str
    outcome: str = ""


def load_event_kinds(file: Path) -> Mapping[str, EventKind]:
    """The kinds of one file, in its order. Raises ParameterError, with file and line."""
    found: dict[str, EventKind] = {}
    for node in read_yaml(file).fields("the list of kinds", ("events",))["events"].items("events"):
        for one in _kinds(node):
            if one.kind in found:
                raise node.refuse(f"{one.kind!r} stands twice; keep one, so that it means one thing")
            found[one.kind] = one
    return found


def known_kinds(config: Path, parameters: Mapping[str, Parameter]) -> Mapping[str, EventKind]:
    """What this version ships, what the school's `config` adds, and what its reminders ask for or record.

    A school's list was copied when it was set up; a kind that came with an update is known all the same.
    """
    own = events_file(config)
    found = {**load_event_kinds(events_file(shipped_config())), **(load_event_kinds(own) if own.is_file() else {})}
    for kind, title in _of_reminders(parameters):
        found.setdefault(kind, EventKind(kind, title))
    return found


def nearest(kind: str, known: Collection[str]) -> tuple[str, ...]:
    """The known kinds that a slip of the pen may have meant, the nearest first."""
    return tuple(get_close_matches(kind, known, NEAREST))


def _kinds(node: Node) -> Iterator[EventKind]:
    said = node.fields("an entry", ("kinds", "says"), ("outcome",))
    for kind in said["kinds"].filled("kinds").split():
        if not KIND.fullmatch(kind):
            raise said["kinds"].refuse(
                f"{kind!r} is no kind of event; write it in lower case with hyphens, as home-visit"
            )
        yield EventKind(kind, said["says"].filled("says"), said["outcome"].text() if "outcome" in said else "")


def _of_reminders(parameters: Mapping[str, Parameter]) -> Iterator[tuple[str, str]]:
    for parameter in reminders_in(parameters):
        for dated in parameter.values:
            row = dict(dated.value) if isinstance(dated.value, tuple) else {}
            kinds = {row.get("done_as", ""), row.get("on", "")} - {"", ENTRY}
            yield from ((kind, parameter.describe) for kind in sorted(kinds))
