"""Reads the published attendance figures that the analysis packs compare the school with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from mbls_sync.policy.yaml_text import Node, read_yaml

PERCENT = re.compile(r"\d{1,2}(\.\d+)?|100")
MEASURES = ("absence", "authorised", "unauthorised", "persistent", "severe", "illness", "unauthorised_holiday")


class Level(StrEnum):
    """How wide an area is."""

    LA = "la"
    REGION = "region"
    NATION = "nation"


class SourceKind(StrEnum):
    """How the figures were gathered: the two do not count the same sessions."""

    DAILY = "daily"
    CENSUS = "census"


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures were published."""

    title: str
    address: str
    kind: SourceKind


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One area's published figures over one span, in per cent; a measure that was not published is not in `values`."""

    level: Level
    area: str
    phase: str
    first: date
    last: date
    source: Source
    values: Mapping[str, Decimal]


def load_benchmarks(file: Path) -> tuple[Benchmark, ...]:
    """Every row of the file, in its order. Raises ParameterError with file and line at the first that is not right."""
    fields = read_yaml(file).fields("the benchmarks", ("sources", "figures"))
    sources = {name: _source(node) for name, node in fields["sources"].table("sources").items()}
    found: list[Benchmark] = []
    for node in fields["figures"].items("figures"):
        row = _row(node, sources)
        same = (row.level, row.area, row.phase, row.first, row.source)
        if any((one.level, one.area, one.phase, one.first, one.source) == same for one in found):
            raise node.refuse(f"{row.area} from {row.first.isoformat()} stands twice; keep one row")
        found.append(row)
    return tuple(found)


def chosen(rows: Iterable[Benchmark], day: date, phase: str, areas: Iterable[str]) -> tuple[Benchmark, ...]:
    """For each of `areas`, in order, the latest row of `phase` that ended by `day`; daily figures before census ones.

    An area without such a row has none: an older kind of pupil or a later year is never put in its place.
    """
    mine = [row for row in rows if row.phase == phase and row.last <= day]
    found: list[Benchmark] = []
    for area in areas:
        here = [row for row in mine if row.area.casefold() == area.casefold()]
        found += sorted(here, key=lambda row: (row.source.kind is SourceKind.DAILY, row.last))[-1:]
    return tuple(found)


def _source(node: Node) -> Source:
    fields = node.fields("a source", ("title", "address", "kind"))
    kind = fields["kind"].filled("kind")
    if kind not in tuple(SourceKind):
        raise fields["kind"].refuse(f"kind is {kind!r}; it must be one of {', '.join(SourceKind)}")
    return Source(fields["title"].filled("title"), fields["address"].filled("address"), SourceKind(kind))


def _row(node: Node, sources: Mapping[str, Source]) -> Benchmark:
    fields = node.fields("a figure", ("source", "level", "area", "phase", "from", "to", "absence"), MEASURES[1:])
    source, level = fields["source"].filled("source"), fields["level"].filled("level")
    if source not in sources:
        raise fields["source"].refuse(f"source is {source!r}, which is none of the sources above")
    if level not in tuple(Level):
        raise fields["level"].refuse(f"level is {level!r}; it must be one of {', '.join(Level)}")
    first, last = fields["from"].day("from"), fields["to"].day("to")
    if last < first:
        raise fields["to"].refuse(f"to {last.isoformat()} lies before from {first.isoformat()}; swap them")
    values = {name: _percent(fields[name], name) for name in MEASURES if name in fields}
    _adds_up(values, node)
    return Benchmark(
        Level(level),
        fields["area"].filled("area"),
        fields["phase"].filled("phase"),
        first,
        last,
        sources[source],
        values,
    )


def _percent(node: Node, name: str) -> Decimal:
    text = node.filled(name)
    if not PERCENT.fullmatch(text):
        raise node.refuse(f"{name} is {text!r}; write a number from 0 to 100 without the percent sign, such as 5.28")
    return Decimal(text)


def _adds_up(values: Mapping[str, Decimal], node: Node) -> None:
    """Authorised and unauthorised absence make up all absence, as far as rounding to two places lets them."""
    parts = [values[name] for name in ("authorised", "unauthorised") if name in values]
    if len(parts) == 2 and abs(sum(parts) - values["absence"]) > Decimal("0.02"):
        raise node.refuse(f"authorised and unauthorised are {sum(parts)}, and absence is {values['absence']}; mend one")
