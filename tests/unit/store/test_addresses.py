"""An address of a database that will not do is refused in words, and no password is in them."""

from __future__ import annotations

import pytest

from mbls_sync.errors import StoreError
from mbls_sync.store.database import open_store


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://mbls:hunter2@127.0.0.1:abc/mbls", "cannot be read"),
        ("postgresql://mbls:hun@ter2/x@127.0.0.1:1/mbls", "%40"),
        ("postgresql://127.0.0.1:1/mbls?user=mbls&password=hunter2", "USER:PASSWORD@HOST"),
        ("postgresql://mbls:hunter2@127.0.0.1:1/mbls", "refused"),
        ("mysql://mbls:hunter2@127.0.0.1/mbls", "mysql is no database"),
        ("hunter2", "cannot be read"),
        ("sqlite://", "needs a file"),
        ("sqlite:////proc/hunter/x.sqlite3", "cannot be made"),
    ],
)
def test_an_address_that_will_not_do_is_refused_in_words(url: str, says: str) -> None:
    with pytest.raises(StoreError) as error:
        open_store(url, "example", wait_seconds=2)
    assert says in str(error.value)
    assert "hunter2" not in str(error.value)
    assert "ter2" not in str(error.value)
