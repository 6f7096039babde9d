"""The tables as the queries see them. Migrations make them; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

REVISIONS = ("0001", "0002")
"""Every migration this code knows, oldest first; the last is what it works on."""


def moment_text(moment: datetime) -> str:
    """A moment as UTC text of one length, so that text sorts as time does. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored: it would mean another time elsewhere")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def storable(text: str) -> str:
    """Text that both databases take: a garbled file may hold NUL or half a surrogate pair, and must not stop a pull."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as UTC text on both databases and given back in UTC."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (its signature)
        """UTC text."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (same)
        """Aware, in UTC."""
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()


def _key(name: str, kind: type[Text | Integer | SmallInteger | BigInteger] = Text) -> Column[object]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


encoding = Table(
    "encoding", metadata, _key("school"), _key("byte", SmallInteger), _text("code"), _text("meaning"),
    UniqueConstraint("school", "code", "meaning", name="uq_encoding_code"),
)  # fmt: skip

page = Table(
    "page", metadata, _key("school"), _key("year", Integer), _key("pupil"), Column("marks", LargeBinary, nullable=False)
)  # fmt: skip

detail = Table(
    "detail",
    metadata,
    _key("school"),
    _key("year", Integer),
    _key("pupil"),
    _key("slot", Integer),
    Column("minutes_late", Integer),
    Column("comment", Text),
    Column("amended_by", Text),
    Column("amended_role", Text),
    Column("amended_at", Moment),
    Column("amended_reason", Text),
)

person = Table(
    "person", metadata, _key("school"), _key("pupil"), _text("pseudonym"),
    UniqueConstraint("school", "pseudonym", name="uq_person_pseudonym"),
)  # fmt: skip

ledger = Table(
    "ledger",
    metadata,
    _key("school"),
    _key("year", Integer),
    _key("seq", BigInteger),
    _text("kind"),
    _text("person"),
    Column("observed_at", Moment, nullable=False),
    _text("source"),
    _text("body"),
    _text("previous"),
    _text("hash"),
    Index("ix_ledger_observed", "school", "year", "observed_at", "seq"),
    Index("ix_ledger_kind", "school", "kind", "person"),
)

audit = Table(
    "audit",
    metadata,
    _key("school"),
    _key("seq", BigInteger),
    _text("kind"),
    _text("ref"),
    _text("detail"),
    Column("at", Moment, nullable=False),
    _text("previous"),
    _text("hash"),
    Index("ix_audit_ref", "school", "ref"),
)

chain_head = Table(
    "chain_head", metadata, _key("school"), _key("chain"), Column("entries", BigInteger, nullable=False), _text("hash")
)  # fmt: skip

item = Table(
    "item",
    metadata,
    _key("school"),
    _key("resource"),
    _key("key"),
    _key("version", Integer),
    _text("pupil"),
    Column("moment", Moment, nullable=False),
    Column("observed_at", Moment, nullable=False),
    Column("known_from", Moment, nullable=False),
    _text("source"),
    _text("payload"),
    Index("ix_item_moment", "school", "resource", "moment"),
    Index("ix_item_observed", "school", "resource", "observed_at"),
    Index("ix_item_pupil", "school", "pupil"),
)

outbox = Table(
    "outbox",
    metadata,
    _key("school"),
    _key("key"),
    _text("kind"),
    _text("state"),
    _text("pupil"),
    _text("proposal"),
    _text("because"),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    _text("reason"),
    Column("fence", BigInteger, nullable=False),
    Column("snoozed_until", Moment),
    _text("receipt"),
    Index("ix_outbox_state", "school", "state"),
    Index("ix_outbox_pupil", "school", "pupil"),
)

cursor = Table("cursor", metadata, _key("school"), _key("stream"), _text("cursor"))

quarantine = Table(
    "quarantine",
    metadata,
    _key("school"),
    _key("id"),
    _text("source"),
    Column("line", Integer, nullable=False),
    _text("reason"),
    Column("marks", Integer, nullable=False),
    _text("text"),
    Column("observed_at", Moment, nullable=False),
    _text("state"),
    Index("ix_quarantine_state", "school", "state", "source"),
)

held_pull = Table(
    "held_pull",
    metadata,
    _key("school"),
    _key("id"),
    _text("stream"),
    _text("source"),
    _text("cursor"),
    _text("reason"),
    Column("observed_at", Moment, nullable=False),
    _text("state"),
)

schedule = Table(
    "schedule",
    metadata,
    _key("school"),
    _key("job"),
    Column("next_due", Moment),
    _text("last_due"),
    Column("failures", Integer, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    _key("school"),
    _text("holder"),
    Column("fence", BigInteger, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

meta = Table("meta", metadata, _key("school"), _key("name"), _text("value"))

sending = Table(
    "sending",
    metadata,
    _key("school"),
    _key("document"),
    _key("channel"),
    _text("kind"),
    _text("about"),
    _text("recipient"),
    _text("duty"),
    Column("number", Integer, nullable=False),
    _text("content"),
    _text("members"),
    _text("subjects"),
    _text("state"),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    _text("reason"),
    _text("file"),
    _text("sha256"),
    Column("size", BigInteger, nullable=False),
    _text("receipt"),
    Column("fence", BigInteger, nullable=False),
    Index("ix_sending_state", "school", "state"),
)

disclosure = Table(
    "disclosure",
    metadata,
    _key("school"),
    _key("year", Integer),
    _key("seq", BigInteger),
    _text("document"),
    _text("channel"),
    _text("recipient"),
    _text("duty"),
    _text("file"),
    _text("sha256"),
    _text("members"),
    _text("subjects"),
    _text("by"),
    Column("at", Moment, nullable=False),
    _text("previous"),
    _text("hash"),
)

tombstone = Table(
    "tombstone",
    metadata,
    _key("school"),
    _key("book"),
    _key("year", Integer),
    _key("entries", BigInteger),
    _text("hash"),
    Column("rows", BigInteger, nullable=False),
    _text("reason"),
    Column("at", Moment, nullable=False),
)
