"""Files on their way to their receivers, the log of what left the school, and the tombstones of purged segments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BOOKS = ("ledger", "disclosure")
"""What is kept in segments of one academic year each, and may only be dropped with a tombstone."""


def _key(name: str, kind: Any = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _need(name: str, kind: Any = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    """Make the tables; the log of disclosures and the tombstones refuse to be rewritten."""
    op.create_table(
        "sending",
        *(
            _key("school"),
            _key("document"),
            _key("channel"),
            _need("kind"),
            _need("about"),
            _need("recipient"),
            _need("duty"),
        ),
        *(_need("number", sa.Integer), _need("content"), _need("members"), _need("subjects"), _need("state")),
        *(_need("opened_at"), _need("changed_at"), _need("reason"), _need("file"), _need("sha256")),
        *(_need("size", sa.BigInteger), _need("receipt"), _need("fence", sa.BigInteger)),
    )
    op.create_index("ix_sending_state", "sending", ["school", "state"])
    op.create_table(
        "disclosure",
        *(_key("school"), _key("year", sa.Integer), _key("seq", sa.BigInteger), _need("document"), _need("channel")),
        *(_need("recipient"), _need("duty"), _need("file"), _need("sha256"), _need("members"), _need("subjects")),
        *(_need("by"), _need("at"), _need("previous"), _need("hash")),
    )
    op.create_table(
        "tombstone",
        *(_key("school"), _key("book"), _key("year", sa.Integer), _key("entries", sa.BigInteger), _need("hash")),
        *(_need("rows", sa.BigInteger), _need("reason"), _need("at")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    (_append_only_sqlite if sqlite else _append_only_postgresql)()


def _append_only_sqlite() -> None:
    for table, verb in (("disclosure", "UPDATE"), ("tombstone", "UPDATE"), ("tombstone", "DELETE")):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'the {table} is append-only'); END"
        )
    op.execute("DROP TRIGGER ledger_no_delete")
    for book in BOOKS:
        op.execute(
            f"CREATE TRIGGER {book}_no_delete BEFORE DELETE ON {book} WHEN NOT EXISTS ({_tombstone(book)}) "
            f"BEGIN SELECT RAISE(ABORT, 'the {book} is append-only'); END"
        )


def _append_only_postgresql() -> None:
    for table in ("disclosure", "tombstone"):
        op.execute(
            f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'the {table} is append-only'; END $$"
        )
    for table, verb in (
        *(("disclosure", "UPDATE"), ("disclosure", "TRUNCATE")),
        *(("tombstone", "UPDATE"), ("tombstone", "DELETE"), ("tombstone", "TRUNCATE")),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
        )
    op.execute("DROP TRIGGER ledger_no_delete ON ledger")
    for book in BOOKS:
        op.execute(
            f"CREATE FUNCTION {book}_falls_by_tombstone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NOT EXISTS ({_tombstone(book)}) THEN RAISE EXCEPTION 'the {book} is append-only'; END IF; "
            f"RETURN OLD; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {book}_no_delete BEFORE DELETE ON {book} "
            f"FOR EACH ROW EXECUTE FUNCTION {book}_falls_by_tombstone()"
        )


def _tombstone(book: str) -> str:
    return (
        f"SELECT 1 FROM tombstone WHERE tombstone.school = OLD.school AND tombstone.book = '{book}' "  # noqa: S608 - a name of ours
        f"AND tombstone.year = OLD.year AND tombstone.entries >= OLD.seq"
    )
