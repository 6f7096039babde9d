"""Brings a database to the revision this code works on, or says why it cannot."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from mbls_sync.errors import StoreError
from mbls_sync.store.schema import REVISIONS


def revision_of(connection: Connection) -> str | None:
    """The revision a database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(connection: Connection) -> bool:
    """Whether nothing is to be done. Raises StoreError where the database is newer than the code."""
    found = revision_of(connection)
    if found is not None and found not in REVISIONS:
        raise StoreError(
            f"the database stands at revision {found}, which this version of mbls-sync does not know (its newest is "
            f"{REVISIONS[-1]}); a newer version has been used on it. Install that version again, or restore the backup "
            f"made before the upgrade; nothing was changed"
        )
    return found == REVISIONS[-1]


def upgrade(connection: Connection) -> None:
    """Apply every revision that is missing, inside the caller's transaction."""
    # Alembic takes longer to import than a whole pull without a change; most starts have nothing to upgrade.
    from alembic import command  # noqa: PLC0415 (see above)
    from alembic.config import Config  # noqa: PLC0415 (see above)

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
