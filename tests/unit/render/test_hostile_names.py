"""A name may hold anything: it turns no line around, tears no letter and hides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from mbls_sync.render.cells import readable
from mbls_sync.render.csv_person import csv_for_person
from mbls_sync.render.letter import letter_text

TURNED = "\u202eAmber\u202c \u2066Testpupil\u2069"


def test_what_would_turn_the_line_around_is_left_out_of_everything_a_person_reads() -> None:
    assert readable(TURNED) == "Amber Testpupil"
    assert b"Amber Testpupil" in csv_for_person(("Name",), [(TURNED,)])


@pytest.mark.parametrize("name", ["زينب", "אורי", "Zoë Ågren", "👩\u200d🚀", "می\u200cخواهم"])
def test_a_name_of_any_script_stays_as_it_is(name: str) -> None:
    assert readable(name) == name


def test_a_long_line_of_a_letter_goes_on_with_the_next_and_a_short_one_ends(tmp_path: Path) -> None:
    text = f"Subject\n\n{'many words ' * 9}\nand more\nlast\n\nYours sincerely,\nJo\nSchool\n"
    (tmp_path / "letter.j2").write_text(text, encoding="utf-8")
    letter = letter_text(tmp_path, "letter", {})
    assert letter.blocks[0].lines == (f"{'many words ' * 9} and more", "last")
    assert letter.blocks[1].lines == ("Yours sincerely,", "Jo", "School")
