"""Reads the list of every duty of the policy, and who sees to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mbls_sync.policy.yaml_text import Node, read_yaml

DUTY_ID = re.compile(r"[A-Z]{2,4}-\d{2}")


class By(StrEnum):
    """Who sees to a duty: a rule, a row of the table of reminders, the program itself, a person, or nobody yet."""

    RULE = "rule"
    REMINDER = "reminder"
    CORE = "core"
    PERSON = "person"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Duty:
    """One row of the catalogue. `where` names the rule, the reminder, the command or the person that sees to it.

    `proof` names what shows it: of a rule the case of that name (else all its cases do), of the core a test as
    `tests/…/test_….py::test_…`.

    `section` holds the headings of the policy, or the law, that made the duty, with a semicolon between two.
    """

    id: str
    title: str
    section: str
    by: By
    where: str
    proof: str
    line: int


def load_coverage(file: Path) -> tuple[Duty, ...]:
    """Every duty, in the file's order. Raises ParameterError with file and line at the first that is not right.

    A duty done by a rule has that rule's id as `where`: its own id where the file says nothing else.
    """
    fields = _fields(file)
    sections = _texts(fields["sections"], "sections")
    duties = [_duty(node, sections) for node in fields["duties"].items("duties")]
    seen: set[str] = set()
    for duty, node in zip(duties, fields["duties"].items(), strict=True):
        if duty.id in seen:
            raise node.refuse(f"{duty.id} stands twice; keep one row a duty")
        seen.add(duty.id)
    return tuple(duties)


def load_sections(file: Path) -> tuple[str, ...]:
    """The headings of the policy, and the laws, that a duty, a rule or a parameter may cite."""
    return _texts(_fields(file)["sections"], "sections")


def cites_known(cites: str, sections: Iterable[str]) -> bool:
    """Whether a citation names one of the headings or laws; a paragraph or item may follow it."""
    return any(section.casefold() in cites.casefold() for section in sections)


def _fields(file: Path) -> dict[str, Node]:
    return dict(read_yaml(file).fields("the coverage", ("sections", "duties")))


def _texts(node: Node, what: str) -> tuple[str, ...]:
    return tuple(item.filled(what) for item in node.items(what))


def _duty(node: Node, sections: tuple[str, ...]) -> Duty:
    fields = node.fields("a duty", ("id", "title", "section", "by"), ("where", "proof"))
    id, by = fields["id"].filled("id"), fields["by"].filled("by")
    if not DUTY_ID.fullmatch(id):
        raise fields["id"].refuse(f"{id!r} is no id of the catalogue, such as FDC-03")
    if by not in tuple(By):
        raise fields["by"].refuse(f"by is {by!r}; it must be one of {', '.join(By)}")
    section = fields["section"].filled("section")
    for part in section.split(";"):
        if not cites_known(part, sections):
            raise fields["section"].refuse(f"{id} cites {part.strip()!r}, which is none of the sections above")
    where = fields["where"].filled("where") if "where" in fields else ""
    if by in (By.CORE, By.PERSON, By.REMINDER) and not where:
        raise node.refuse(f"{id} is seen to by {by}; say where")
    proof = fields["proof"].filled("proof") if "proof" in fields else ""
    served = where or (id if by == By.RULE else "")
    return Duty(id, fields["title"].filled("title"), section, By(by), served, proof, node.line)
