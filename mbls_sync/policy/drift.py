"""Where the written policy, or what is in force at the school, differs from national law on a day; with the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path

from mbls_sync.policy.law_measures import MEASURES, shown
from mbls_sync.policy.view import DatedValue, Parameter, PolicyAt
from mbls_sync.policy.yaml_text import Node, read_yaml


class Standing(StrEnum):
    """How a comparison ends."""

    AGREES = "agrees"
    POLICY_DIFFERS = "policy differs, the law is followed"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One row of the table. `written` and `in_force` are a value, or the name of a parameter or of a measure.

    `unit` says what is counted, where the values are for people to read.
    `until`: the policy was adopted anew with other words, and the row ends with the day before.
    """

    id: str
    title: str
    section: str
    says: str
    law: str
    test: str
    mend: str
    written: str = ""
    in_force: str = ""
    unit: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one comparison gave: what the policy writes, what is in force, what the law asks, since when, and where."""

    id: str
    title: str
    section: str
    policy_says: str
    written: str
    in_force: str
    law: str
    law_says: str
    since: date
    source: str
    standing: Standing
    mend: str
    unit: str


def load_comparisons(file: Path) -> tuple[Comparison, ...]:
    """The rows of the table, in the file's order. Raises ParameterError, with file and line, at the first not right."""
    nodes = read_yaml(file).fields("the table", ("comparisons",))["comparisons"].items("comparisons")
    return tuple(_row(node) for node in nodes)


def drift(
    rows: tuple[Comparison, ...], parameters: Mapping[str, Parameter], listed_standing: Mapping[str, str], day: date
) -> tuple[Finding, ...]:
    """Each comparison whose law is in force on `day`, in the table's order.

    `listed_standing` says of the national codes of that day, and of those the policy lists, how each stands.
    """
    return tuple(_findings(rows, PolicyAt(parameters, day), parameters, listed_standing))


def _findings(
    rows: tuple[Comparison, ...], policy: PolicyAt, parameters: Mapping[str, Parameter], codes: Mapping[str, str]
) -> Iterator[Finding]:
    for row in rows:
        name = f"law.{row.law}"
        if (row.until and policy.day >= row.until) or not policy.is_in_force(name):
            continue
        law = parameters[name].on(policy.day)
        yield _compared(row, law, *(_value(text, policy, parameters, codes) for text in (row.written, row.in_force)))


def _compared(row: Comparison, law: DatedValue, written: str, in_force: str) -> Finding:
    wanted = shown(law.value)
    kept = [_holds(row.test, value, wanted) for value in (written, in_force) if value]
    if all(kept):
        standing = Standing.AGREES
    else:
        follows = bool(in_force) and _holds(row.test, in_force, wanted)
        standing = Standing.POLICY_DIFFERS if follows else Standing.DIFFERS
    return Finding(
        id=row.id,
        title=row.title,
        section=row.section,
        policy_says=row.says,
        written=written,
        in_force=in_force,
        law=f"{TESTS[row.test]} {wanted}".strip(),
        law_says=law.says,
        since=law.since,
        source=law.cites,
        standing=standing,
        mend=row.mend,
        unit=row.unit,
    )


TESTS = {"equal": "", "one_of": "one of", "at_most": "at most", "at_least": "at least"}
"""What a comparison asks of a value, and how that is said."""


def _holds(test: str, value: str, law: str) -> bool:
    if test == "one_of":
        return value.casefold() in law.casefold().split(", ")
    if test == "equal":
        return value.casefold() == law.casefold()
    try:
        mine, theirs = Decimal(value), Decimal(law)
    except InvalidOperation:
        return False
    return mine <= theirs if test == "at_most" else mine >= theirs


def _value(text: str, policy: PolicyAt, parameters: Mapping[str, Parameter], codes: Mapping[str, str]) -> str:
    if text in MEASURES:
        return MEASURES[text](policy, codes)
    known = parameters.get(text)
    return shown(known.on(policy.day).value) if known and policy.is_in_force(text) else text


def _row(node: Node) -> Comparison:
    needed = ("id", "title", "section", "says", "law", "test", "mend")
    said = node.fields("a comparison", needed, ("written", "in_force", "unit", "until"))
    words = {name: item.filled(name) for name, item in said.items() if name != "until"}
    if words["test"] not in TESTS:
        raise said["test"].refuse(f"test is {words['test']!r}; it must be one of {', '.join(TESTS)}")
    if "written" not in said and "in_force" not in said:
        raise node.refuse("a comparison needs `written`, `in_force`, or both")
    return Comparison(**words, until=said["until"].day("until") if "until" in said else None)
