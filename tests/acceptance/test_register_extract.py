"""An authority that asks for the register gets it on paper, and the school can show who was given what."""

import io

import pytest
from pypdf import PdfReader


def words(file):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read_bytes())).pages)


ASKED = (
    "extract",
    "--to",
    "Example Council",
    "--by",
    "Officer Example",
    "--from",
    "2026-09-01",
    "--until",
    "2026-11-24",
)


def files(school):
    return sorted((school.folder / "out" / "extracts").glob("*.pdf"))


def test_an_authority_gets_the_register_of_one_pupil_and_it_is_logged(school):
    school.run("once")
    a_upn = school.run("figures", "--format", "csv").out.splitlines()[1].split(",")[0]
    answer = school.run(*ASKED, "--upn", a_upn)
    (file,) = files(school)
    text = words(file)
    assert (
        answer.code,
        a_upn in text,
        "Example Council" in text,
        "present at the school" in text or "illness" in text,
    ) == (0, True, True, True)
    assert a_upn not in file.name
    logged = school.run("audit", "verify")
    assert logged.code == 0


def test_a_class_is_one_file_with_everybody_of_it(school):
    school.run("once")  # registers.code_titles, its other reading
    listed = school.run("figures", "--by", "class", "--format", "csv").out.splitlines()[1].split(",")[0]
    answer = school.run(*ASKED, "--class", listed)
    assert (answer.code, len(files(school))) == (0, 1)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ((), "say whose register"),
        (("--upn", "X1", "--class", "2T"), "say whose register"),
        (("--class", "nowhere"), "nobody on this year"),
        (("--class", "2T", "--to", " "), "--to and --by"),
        (("--class", "2T", "--until", "2026-08-31"), "is after"),
    ],
)
def test_what_cannot_be_given_out_is_said_and_nothing_is_written(school, more, problem):
    answer = school.run(*ASKED, *more)
    assert (answer.code, problem in answer.err, files(school)) == (2, True, [])


def test_by_the_other_reading_a_code_has_the_title_that_the_policy_prints(school):
    school.run("once")  # registers.code_titles, its other reading
    listed = school.folder / "config" / "policy" / "parameters" / "registers" / "code_titles.yaml"
    listed.write_text(listed.read_text(encoding="utf-8").replace("value: 'national'", "value: 'policy'"))
    school.run(*ASKED, "--class", "2T")
    assert "no reason given yet" in words(*files(school))
