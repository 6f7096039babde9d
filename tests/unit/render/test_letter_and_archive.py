"""Letters that a school edits, and archives."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import pyzipper

from mbls_sync.errors import ConfigurationError, PaperRefused
from mbls_sync.render.archive import sealed_zip, zip_of
from mbls_sync.render.letter import letter_text

FILES = {"b.csv": b"2", "a.pdf": b"1" * 1000}
PHRASE = "seven lazy otters swim at noon"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.j2").write_text("Hello {{ name }}\n\nFirst.\n\nSecond.\n", encoding="utf-8")
    (tmp_path / "gap.j2").write_text("Hello\n\n{{ nobody }}\n", encoding="utf-8")
    (tmp_path / "broken.j2").write_text("Hello\n\n{% if %}\n", encoding="utf-8")
    (tmp_path / "sly.j2").write_text("{{ name.__class__.__mro__ }}\n", encoding="utf-8")
    (tmp_path / "endless.j2").write_text("{{ 'a' * 10000000000 }}\n", encoding="utf-8")
    (tmp_path / "wide.j2").write_text("{{ name | center(10000000000) }}\n", encoding="utf-8")
    (tmp_path / "outside.j2").write_text("{% include '../secret.txt' %}\n", encoding="utf-8")
    (tmp_path / "long.j2").write_text("{% for n in range(50000) %}a {% endfor %}\n", encoding="utf-8")
    (tmp_path / "forever.j2").write_text("{% for n in range(10000000000) %}a{% endfor %}\n", encoding="utf-8")
    (tmp_path.parent / "secret.txt").write_text("secret", encoding="utf-8")
    return tmp_path


def test_a_letters_first_line_is_its_subject(folder: Path) -> None:
    letter = letter_text(folder, "good", {"name": "Jo & <b>"})
    assert letter.subject == "Hello Jo & <b>"
    assert [block.lines for block in letter.blocks] == [("First.",), ("Second.",)]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gap", r"gap\.j2:3: cannot be filled: 'nobody'"),
        ("broken", r"broken\.j2:3"),
        ("missing", r"missing\.j2: there is no such letter"),
        ("sly", r"sly\.j2:1: cannot be filled"),
        ("endless", r"endless\.j2:1: cannot be filled: \* is for multiplying two numbers only"),
        ("wide", r"wide\.j2.*No filter named 'center'"),
        ("outside", r"outside\.j2.*cannot be filled: .*secret"),
        ("long", r"long\.j2: makes a letter of 100000 characters"),
        ("forever", r"forever\.j2:1: cannot be filled: Range too big"),
    ],
)
def test_a_letter_with_a_gap_is_refused_by_file_and_reason(folder: Path, name: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        letter_text(folder, name, {"name": "Jo"})


def test_lines_with_a_hyphen_are_a_list_however_long_they_are(folder: Path) -> None:
    dates = f"- {'a long line about a day away ' * 3}\n- another\n"
    (folder / "list.j2").write_text(f"Subject\n\nThese days:\n{dates}Thank you.\n", encoding="utf-8")
    blocks = letter_text(folder, "list", {}).blocks
    assert [(block.is_list, len(block.lines)) for block in blocks] == [(False, 1), (True, 2), (False, 1)]


def test_a_template_that_the_school_has_edited_is_read_anew(folder: Path) -> None:
    letter_text(folder, "good", {"name": "Jo"})
    (folder / "good.j2").write_text("Dear {{ name }}\n\nNew.\n", encoding="utf-8")
    assert letter_text(folder, "good", {"name": "Jo"}).subject == "Dear Jo"


def test_what_no_printer_can_show_is_left_out_of_a_letter(folder: Path) -> None:
    letter = letter_text(folder, "good", {"name": "J\x00o\x7f\ud800\t."})
    assert letter.subject == "Hello J o?\t."


def test_an_archive_is_the_same_whatever_the_order_and_the_day() -> None:
    data = zip_of(FILES)
    assert data == zip_of(dict(reversed(FILES.items())))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["a.pdf", "b.csv"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_sealed_archive_opens_with_its_passphrase_only() -> None:
    data = sealed_zip(FILES, PHRASE)
    assert b"1" * 20 not in data
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        assert archive.read("b.csv", pwd=PHRASE.encode()) == b"2"
        with pytest.raises(RuntimeError):
            archive.read("b.csv", pwd=b"wrong")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(PaperRefused, match="passphrase"):
        sealed_zip(FILES, "short")


@pytest.mark.parametrize("name", ["../a", "a/b", "c\\d", ".hidden"])
def test_a_name_in_an_archive_is_plain(name: str) -> None:
    with pytest.raises(ValueError, match="plain name"):
        zip_of({name: b""})
