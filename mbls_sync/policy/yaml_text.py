"""Reads YAML without guessing: every scalar stays the text that was written, every value knows its line.

Plain YAML reads `10:30` as 630, `4.10` as 4.1 and lets the last of two equal keys win. Here a scalar is
text until somebody types it; a repeated key, an anchor, an alias, a tag and a second document are errors
that name file and line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from mbls_sync.errors import ParameterError


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a file as it was written: text, a list or a table of nodes, and where it stands."""

    value: str | tuple[Node, ...] | Mapping[str, Node]
    file: Path
    line: int

    def refuse(self, problem: str) -> ParameterError:
        """The error to raise about this value; it names the file and the line."""
        return ParameterError(problem, file=self.file, line=self.line)

    def text(self, what: str = "a value") -> str:
        """The text of a scalar, without surrounding blanks; empty where nothing was written."""
        if not isinstance(self.value, str):
            raise self.refuse(f"{what} must be a single text; write it on one line after the colon")
        return self.value.strip()

    def filled(self, what: str = "a value") -> str:
        """The text of a scalar that must not be empty."""
        text = self.text(what)
        if not text:
            raise self.refuse(f"{what} is empty; write it, in quotes if it holds a `#` or a `:`")
        return text

    def day(self, what: str = "a date") -> date:
        """A date, written as 2026-09-01."""
        return parse_day(self.filled(what), self, what)

    def items(self, what: str = "a list") -> tuple[Node, ...]:
        """The items of a list; none where nothing was written."""
        if self.value == "":
            return ()
        if not isinstance(self.value, tuple):
            raise self.refuse(f"{what} must be a list; begin each item with `- `")
        return self.value

    def table(self, what: str = "a table") -> Mapping[str, Node]:
        """The pairs of a table, in the file's order; none where nothing was written."""
        if self.value == "":
            return {}
        if not isinstance(self.value, Mapping):
            raise self.refuse(f"{what} must be pairs of `name: value`")
        return self.value

    def fields(self, what: str, required: Collection[str], optional: Collection[str] = ()) -> Mapping[str, Node]:
        """The pairs of a table whose keys are fixed. An unknown or missing key is an error."""
        pairs = self.table(what)
        known = (*required, *optional)
        for key, node in pairs.items():
            if key not in known:
                raise node.refuse(f"{what} has an unknown key {key!r}; it may have: {', '.join(known)}")
        missing = [key for key in required if key not in pairs]
        if missing:
            raise self.refuse(f"{what} lacks {', '.join(missing)}; add it")
        return pairs


def parse_day(text: str, at: Node, what: str) -> date:
    """Read `2026-09-01`; anything else is an error at the place of `at`."""
    try:
        if len(text) != len("2026-09-01"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise at.refuse(f"{what} is {text!r}, which is no date; write it as 2026-09-01") from None


def read_yaml(file: Path) -> Node:
    """Read a file into nodes. Raises ParameterError, with file and line, for whatever it cannot read exactly."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ParameterError(
            f"cannot be read ({error.strerror}); check that it is there. After an update, "
            "`mbls-sync init DIR --missing` adds what the new version ships",
            file=file,
        ) from error
    except UnicodeDecodeError as error:
        raise ParameterError("is not UTF-8; save it again as UTF-8", file=file) from error
    return parse_yaml(text, file)


@lru_cache(maxsize=1024)
def parse_yaml(text: str, file: Path) -> Node:
    """Read YAML text; `file` is what errors name. What a next pass finds unchanged is not parsed again."""
    with suppress(yaml.YAMLError):
        return _document(_Events(yaml.parse(text, Loader=LOADER), file))
    try:
        # What is no YAML is read again by the slower parser: it names the line on which the mistake begins.
        return _document(_Events(yaml.parse(text, Loader=yaml.SafeLoader), file))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise ParameterError(f"is not YAML: {error.problem or error.context}", file=file, line=line) from error
    except yaml.YAMLError as error:
        raise ParameterError(f"is not YAML: {str(error).splitlines()[0]}", file=file) from error


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C where PyYAML was built with it, which every wheel is: it reads the policy in a fifth of the time."""


class _Events:
    """The parser's events, one by one, with the refusals that hold for each."""

    def __init__(self, events: Iterator[Any], file: Path) -> None:
        self._events = events
        self.file = file

    def next(self) -> Any:
        event = next(self._events)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.error(event, "uses an anchor or an alias; write the value out, so that a reader sees it")
        if getattr(event, "tag", None):
            raise self.error(event, f"uses the tag {event.tag}; tags are not read, remove it")
        return event

    def error(self, event: Any, problem: str) -> ParameterError:
        return ParameterError(problem, file=self.file, line=event.start_mark.line + 1)


def _document(events: _Events) -> Node:
    events.next()
    event = events.next()
    if isinstance(event, yaml.StreamEndEvent):
        return Node("", events.file, 1)
    root = _node(events, events.next())
    events.next()
    after = events.next()
    if not isinstance(after, yaml.StreamEndEvent):
        raise events.error(after, "holds a second document; keep one document a file")
    return root


def _node(events: _Events, event: Any) -> Node:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.ScalarEvent):
        return Node(event.value, events.file, line)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(event := events.next(), yaml.SequenceEndEvent):
            items.append(_node(events, event))
        return Node(tuple(items), events.file, line)
    return Node(_pairs(events), events.file, line)


def _pairs(events: _Events) -> Mapping[str, Node]:
    pairs: dict[str, Node] = {}
    while not isinstance(event := events.next(), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise events.error(event, "has a key that is not a text; write a plain name before the colon")
        if event.value in pairs:
            raise events.error(event, f"says {event.value!r} twice; keep one, since the other would be lost silently")
        if event.value == "<<":
            raise events.error(event, "uses a merge key; write the values out, so that a reader sees them")
        pairs[event.value] = _placed(_node(events, events.next()), event)
    return MappingProxyType(pairs)


def _placed(node: Node, key: Any) -> Node:
    # An empty value is placed by YAML where the next token starts; a person looks on the line of its key.
    return Node(node.value, node.file, key.start_mark.line + 1) if node.value == "" else node
