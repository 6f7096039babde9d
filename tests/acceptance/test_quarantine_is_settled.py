"""A stray file in the drop folder is told until a person says that it was dealt with."""

from mbls_sync.cli.main import CONFIGURATION, DONE, NEEDS_A_PERSON


def test_a_stray_file_keeps_a_pull_at_1_until_a_person_settles_it(empty_school):
    (empty_school.inbox / "notes.csv").write_text("this is no export\n")
    assert empty_school.run("pull").code == NEEDS_A_PERSON
    assert empty_school.run("pull").code == NEEDS_A_PERSON
    assert empty_school.run("pull", "--settle", "notes.csv").code == DONE
    assert empty_school.run("pull").code == DONE


def test_settling_what_is_not_there_names_what_is(empty_school):
    (empty_school.inbox / "notes.csv").write_text("this is no export\n")
    empty_school.run("pull")
    told = empty_school.run("pull", "--settle", "other.csv")
    assert (told.code, "notes.csv" in told.err) == (CONFIGURATION, True)
