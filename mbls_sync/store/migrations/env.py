"""Runs the revisions inside the transaction that `open_store` hands over, so that a killed upgrade leaves nothing."""

from __future__ import annotations

from alembic import context

from mbls_sync.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
