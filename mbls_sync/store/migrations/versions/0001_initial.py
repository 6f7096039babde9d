"""Registers, ledger, inputs, outbox, audit and the rest, as first released."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _key(name: str, kind: Any = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _need(name: str, kind: Any = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: Any = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, kind)


def upgrade() -> None:
    """Make every table; the ledger and the audit refuse to be rewritten."""
    _registers()
    _chains()
    _inputs()
    _outbox()
    _upkeep()
    for table in ("ledger", "audit"):
        _append_only(table)


def _registers() -> None:
    op.create_table(
        "encoding", _key("school"), _key("byte", sa.SmallInteger), _need("code"), _need("meaning"),
        sa.UniqueConstraint("school", "code", "meaning", name="uq_encoding_code"),
    )  # fmt: skip
    op.create_table("page", _key("school"), _key("year", sa.Integer), _key("pupil"), _need("marks", sa.LargeBinary))
    op.create_table(
        "detail",
        *(_key("school"), _key("year", sa.Integer), _key("pupil"), _key("slot", sa.Integer)),
        *(_may("minutes_late", sa.Integer), _may("comment"), _may("amended_by"), _may("amended_role")),
        *(_may("amended_at"), _may("amended_reason")),
    )
    op.create_table(
        "person", _key("school"), _key("pupil"), _need("pseudonym"),
        sa.UniqueConstraint("school", "pseudonym", name="uq_person_pseudonym"),
    )  # fmt: skip


def _chains() -> None:
    op.create_table(
        "ledger",
        *(_key("school"), _key("year", sa.Integer), _key("seq", sa.BigInteger), _need("kind"), _need("person")),
        *(_need("observed_at"), _need("source"), _need("body"), _need("previous"), _need("hash")),
    )
    op.create_index("ix_ledger_observed", "ledger", ["school", "year", "observed_at", "seq"])
    op.create_index("ix_ledger_kind", "ledger", ["school", "kind", "person"])
    op.create_table(
        "audit",
        *(_key("school"), _key("seq", sa.BigInteger), _need("kind"), _need("ref"), _need("detail"), _need("at")),
        *(_need("previous"), _need("hash")),
    )
    op.create_index("ix_audit_ref", "audit", ["school", "ref"])
    op.create_table("chain_head", _key("school"), _key("chain"), _need("entries", sa.BigInteger), _need("hash"))


def _inputs() -> None:
    op.create_table(
        "item",
        *(_key("school"), _key("resource"), _key("key"), _key("version", sa.Integer), _need("pupil"), _need("moment")),
        *(_need("observed_at"), _need("known_from"), _need("source"), _need("payload")),
    )
    op.create_index("ix_item_moment", "item", ["school", "resource", "moment"])
    op.create_index("ix_item_observed", "item", ["school", "resource", "observed_at"])
    op.create_index("ix_item_pupil", "item", ["school", "pupil"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        *(_key("school"), _key("key"), _need("kind"), _need("state"), _need("pupil"), _need("proposal")),
        *(_need("because"), _need("opened_at"), _need("changed_at"), _need("reason"), _need("fence", sa.BigInteger)),
        *(_may("snoozed_until"), _need("receipt")),
    )
    op.create_index("ix_outbox_state", "outbox", ["school", "state"])
    op.create_index("ix_outbox_pupil", "outbox", ["school", "pupil"])


def _upkeep() -> None:
    op.create_table("cursor", _key("school"), _key("stream"), _need("cursor"))
    op.create_table(
        "quarantine",
        *(_key("school"), _key("id"), _need("source"), _need("line", sa.Integer), _need("reason")),
        *(_need("marks", sa.Integer), _need("text"), _need("observed_at"), _need("state")),
    )
    op.create_index("ix_quarantine_state", "quarantine", ["school", "state", "source"])
    op.create_table(
        "held_pull",
        *(_key("school"), _key("id"), _need("stream"), _need("source"), _need("cursor"), _need("reason")),
        *(_need("observed_at"), _need("state")),
    )
    op.create_table(
        "schedule", _key("school"), _key("job"), _may("next_due"), _need("last_due"), _need("failures", sa.Integer)
    )
    op.create_table("lease", _key("school"), _need("holder"), _need("fence", sa.BigInteger), _need("expires_at"))
    op.create_table("meta", _key("school"), _key("name"), _need("value"))


def _append_only(table: str) -> None:
    refusal = f"the {table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
    )
    for verb in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
        )
