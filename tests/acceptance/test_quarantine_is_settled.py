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


def test_a_pull_that_was_held_rightly_is_over_once_a_person_takes_the_file_away(school):
    assert school.run("pull").code == DONE
    marks = school.inbox / "marks again.csv"
    (stored,) = school.inbox.glob("done/*/*-marks.csv")
    head, *rows = stored.read_text(encoding="utf-8").splitlines()
    marks.write_text("\n".join([head, *(f"{row.rpartition(',')[0]}," for row in rows)]), encoding="utf-8")
    held = school.run("pull")
    assert held.code == NEEDS_A_PERSON
    assert "mbls-sync pull --settle 'marks again.csv'" in held.err
    marks.unlink()
    assert "is held" in school.run("check").out
    assert school.run("pull", "--settle", "marks again.csv").code == DONE
    assert "no row waits for a person" in school.run("check").out
