import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.errors import ParameterError
from mbls_sync.policy.yaml_text import parse_yaml, read_yaml

FILE = Path("example.yaml")


@pytest.mark.parametrize("text", ["10:30", "8:45", "4.10", "yes", "null", "0x10", "1e3", "2026-09-01", "~", "007", "="])
def test_a_scalar_stays_the_text_that_was_written(text):
    assert parse_yaml(f"value: {text}", FILE).table()["value"].text() == text


def test_an_empty_value_is_empty_text_on_the_line_of_its_key():
    node = parse_yaml("a: 1\nvalue:\n\n\nb: 2", FILE).table()["value"]
    assert (node.text(), node.line) == ("", 2)


def test_a_hash_key_that_is_not_quoted_does_not_vanish_unseen():
    with pytest.raises(ParameterError, match="empty"):
        parse_yaml("- code: #", FILE).items()[0].table()["code"].filled("a code")


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("a: 1\na: 2", "twice", 2),
        ("a: &x 1\nb: *x", "anchor", 1),
        ("a: !!int 1", "tag", 1),
        ("a: 1\n---\nb: 2", "second document", 2),
        ("a: [1, 2", "not YAML", 1),
        ("a: b: c", "not YAML", 1),
        ("\ta: 1", "not YAML", 1),
        ("? [a]\n: 1", "key that is not a text", 1),
        ("<<: 1", "merge key", 1),
    ],
)
def test_what_cannot_be_read_exactly_is_refused_with_its_line(text, problem, line):
    with pytest.raises(ParameterError, match=problem) as caught:
        parse_yaml(text, FILE)
    assert caught.value.line == line


def test_an_unknown_key_is_refused_with_the_keys_that_are_known():
    with pytest.raises(ParameterError, match=r"example.yaml:2: .*unknown key 'b'; it may have: a"):
        parse_yaml("a: 1\nb: 2", FILE).fields("a thing", ("a",))


def test_a_missing_key_is_refused():
    with pytest.raises(ParameterError, match="lacks b"):
        parse_yaml("a: 1", FILE).fields("a thing", ("a", "b"))


def test_a_list_is_not_taken_for_a_text():
    with pytest.raises(ParameterError, match="single text"):
        parse_yaml("a: [1]", FILE).table()["a"].text("a")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    file = tmp_path / "bom.yaml"
    file.write_bytes("a: é".encode("utf-8-sig"))
    assert read_yaml(file).table()["a"].text() == "é"


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    file = tmp_path / "latin.yaml"
    file.write_bytes("a: é".encode("cp1252"))
    with pytest.raises(ParameterError, match="not UTF-8"):
        read_yaml(file)


def test_an_empty_file_is_empty_text(tmp_path):
    (tmp_path / "empty.yaml").write_text("# nothing\n")
    assert read_yaml(tmp_path / "empty.yaml").value == ""


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    with contextlib.suppress(ParameterError):
        parse_yaml(text, FILE)


def test_a_file_that_was_changed_in_the_same_second_is_read_anew_and_one_that_stayed_is_shared(tmp_path):
    file = tmp_path / "example.yaml"
    file.write_text("value: 09:15", encoding="utf-8")
    first, again = read_yaml(file), read_yaml(file)
    file.write_text("value: 09:30", encoding="utf-8")
    assert first is again
    assert read_yaml(file).table()["value"].text() == "09:30"
    with pytest.raises(TypeError):
        first.table()["value"] = again
