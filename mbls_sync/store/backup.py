"""A copy of a SQLite store as it is at one moment, whoever writes to it meanwhile."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from mbls_sync.errors import StoreError
from mbls_sync.store.schema import REVISIONS
from mbls_sync.store.sqlite import driver

NEWEST_REVISION = REVISIONS[-1]


def copy_store(file: Path, target: Path) -> str:
    """Copy the store in `file` to `target`, which only this user may read; returns the revision it stands at.

    Nothing that is committed is left out, and nothing half-written is taken. Raises StoreError.
    """
    module = driver()
    target.touch(mode=0o600)
    try:
        with closing(module.connect(file)) as source, closing(module.connect(target)) as copy:
            source.backup(copy)
            # In one file: a write-ahead log beside it would have to be carried along.
            copy.execute("PRAGMA journal_mode = DELETE")
            return str(copy.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except module.Error as error:
        is_full = "full" in str(error)
        mend = "Make room where the backup is written" if is_full else "`mbls-sync check` looks at it"
        raise StoreError(f"{file} cannot be copied ({error}); nothing was saved. {mend}") from None


def is_known(revision: str) -> bool:
    """Whether this version can bring a store that stands at `revision` up to date."""
    return revision in REVISIONS
