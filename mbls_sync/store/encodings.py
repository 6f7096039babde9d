"""Which byte of a page stands for which code and meaning, stored once a school and only ever grown."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from mbls_sync.errors import StoreError
from mbls_sync.model.codes import Code, Meaning
from mbls_sync.model.registers import Encoding
from mbls_sync.store.schema import encoding as table
from mbls_sync.store.transaction import Tx, insert


def encoding(tx: Tx) -> Encoding:
    """Which byte stands for which code and meaning."""
    rows = tx.connection.execute(
        select(table.c.byte, table.c.code, table.c.meaning).where(table.c.school == tx.school).order_by(table.c.byte)
    )
    return Encoding({byte: (code, Meaning(meaning)) for byte, code, meaning in rows})


def grow_encoding(tx: Tx, wanted: Iterable[tuple[Code, Meaning]]) -> Encoding:
    """The encoding with a byte for each of `wanted`; a byte once given never changes. Raises StoreError when full."""
    known = encoding(tx)
    try:
        grown = known.grown(wanted)
    except OverflowError as error:
        raise StoreError(
            f"the register's encoding is full: {error}. More codes of one meaning were seen than any national set has; "
            f"look at the codes of the last pull"
        ) from None
    fresh = sorted(set(grown.pairs) - set(known.pairs))
    rows = [
        {"school": tx.school, "byte": byte, "code": grown.pairs[byte][0], "meaning": str(grown.pairs[byte][1])}
        for byte in fresh
    ]
    insert(tx, table, rows)
    return grown
