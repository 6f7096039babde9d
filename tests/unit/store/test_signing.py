"""A key is made once, for this user alone, is never half there, and what it signs nobody else can sign."""

from __future__ import annotations

import pytest

from mbls_sync.errors import ConfigurationError
from mbls_sync.store.signing import SigningKey, a_key, make_key, read_key


def test_a_key_that_was_made_is_read_again_and_only_this_user_may(tmp_path):
    file = tmp_path / "data" / "signing.key"
    assert read_key(file) is None
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / ".signing.key.part").write_text("what a kill left")
    made = make_key(file)
    assert read_key(file) == made
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == ["signing.key"]


@pytest.mark.parametrize("text", ["", "short", "x" * 31])
def test_what_is_too_short_for_a_key_is_refused_by_its_file(tmp_path, text):
    file = tmp_path / "signing.key"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=r"32 characters or more"):
        read_key(file)


def test_a_signature_is_of_these_facts_by_this_key_and_tells_neither(tmp_path):
    key, other = make_key(tmp_path / "one"), make_key(tmp_path / "two")
    facts = {"rows": 3, "year": 2026}
    seal = key.sign(facts)
    assert key.signed(dict(reversed(facts.items())), seal)
    assert not key.signed(facts | {"rows": 4}, seal)
    assert not other.signed(facts, seal)
    assert not key.signed(facts, None)
    assert key.id == a_key(f" {key.secret}\n").id != other.id
    assert key.secret not in repr(key) + key.id + seal
    assert SigningKey(key.secret) == key
