"""One transaction over one school's rows, and the statement that both databases need said differently."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Executable, Table

from mbls_sync.model.marks import PupilId

T = TypeVar("T")

Row = Mapping[str, Any]
"""One row to be stored, by column."""


class Head(NamedTuple):
    """How long a hash chain is, and the hash of its last entry."""

    entries: int
    hash: str


@dataclass
class Tx:
    """One transaction for one school. All functions of the store take it first.

    `heads` and `people` remember what this transaction has read, so that a pass asks for it once; the
    chains in `moved` have heads that are yet to be written, once, before the commit.
    """

    connection: Connection
    school: str
    heads: dict[str, Head] = field(default_factory=dict)
    people: dict[PupilId, str] | None = None
    moved: set[str] = field(default_factory=set)


def insert(tx: Tx, table: Table, rows: Sequence[Row]) -> None:
    """Add rows in one round trip; none is allowed to be there already."""
    if rows:
        tx.connection.execute(table.insert(), [dict(row) for row in rows])


def upsert(tx: Tx, table: Table, rows: Sequence[Row]) -> None:
    """Add rows, or replace the values of those whose key is there."""
    if not rows:
        return
    statement = _upsert_statement(table, tx.connection.dialect.name, tuple(rows[0]))
    tx.connection.execute(statement, [dict(row) for row in rows])


@cache
def _upsert_statement(table: Table, dialect: str, columns: tuple[str, ...]) -> Executable:
    # Made once: making it costs more than running it, and a pass puts hundreds of effects one by one.
    # Only the dialect in use is imported: PostgreSQL's alone takes a tenth of a second on a slow machine.
    statement: Any = importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
    keys = [column.name for column in table.primary_key]
    values = {name: statement.excluded[name] for name in columns if name not in keys}
    replacing: Executable = statement.on_conflict_do_update(index_elements=keys, set_=values)
    return replacing


def chunks(values: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """`values` in pieces that a database takes as one list of parameters."""
    return (values[start : start + size] for start in range(0, len(values), size))
