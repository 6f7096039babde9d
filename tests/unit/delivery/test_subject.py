"""What is told to a subject is about that pupil: another's number is taken out, and a row by name is found."""

from __future__ import annotations

from mbls_sync.delivery.about_whom import is_about
from mbls_sync.delivery.subject import OTHER, _without
from mbls_sync.testing.builders import a_pupil


def test_a_number_that_another_s_begins_with_is_left_whole() -> None:
    clean = _without([a_pupil("adm:1"), a_pupil("A823999926001")])
    assert clean("adm:12 and adm:1") == f"adm:12 and {OTHER}"
    assert clean("brother of UPN A823999926001.") == f"brother of UPN {OTHER}."


def test_a_row_that_names_the_pupil_and_holds_no_number_is_about_the_pupil() -> None:
    pupil = a_pupil("A823999926001", surname="O'Strange-Example", forename="Zoë")
    assert is_about(pupil, ",,zoë,o'strange-example,2026-11-27,X?")
    assert is_about(pupil, "A823999926001;;")
    assert not is_about(pupil, "Zoë,Another-Example")
