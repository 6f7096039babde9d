"""Drafts of letters: what they say, how brothers and sisters are told in one, and what is never in one."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from mbls_sync.delivery.cards import task_of
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.dispatch import Folders, write_papers
from mbls_sync.delivery.drafts import drafts_of
from mbls_sync.delivery.in_one import write_in_one
from mbls_sync.delivery.letter_sample import facts_of, sample_values
from mbls_sync.delivery.letter_values import letter_values
from mbls_sync.delivery.letters import clear_letters, try_letters, write_letter
from mbls_sync.errors import PaperRefused
from mbls_sync.figures.percentages import in_days
from mbls_sync.model.deliveries import Effect, Kind
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import DraftLetter, RaiseTask
from mbls_sync.policy.places import shipped_config
from mbls_sync.render.csv_person import read_csv_of_person
from mbls_sync.render.letter import letter_text
from mbls_sync.testing.builders import the_parameters

Wrap = Callable[..., Effect]
LETTERS = shipped_config() / "letters"
TEMPLATES = sorted(path.stem for path in LETTERS.glob("*.j2"))
ABOUT_A_PUPIL = [name for name in TEMPLATES if name != "class-certificate"]


@pytest.fixture
def named(desk: Desk) -> Desk:
    """The desk of a school that has a policy, a telephone and an address for e-mail."""
    school = replace(desk.school, telephone="01632 960000", email="office@example.org", head="Head Example")
    return replace(desk, school=school, parameters=the_parameters())


def _draft(template: str, desk: Desk, pupil: str | None = "A1", **more: object) -> DraftLetter:
    facts = tuple((name.replace("_", " "), text) for name, text in facts_of(template, LETTERS).items())
    draft = DraftLetter(template, pupil and PupilId(pupil), "attendance officer", "e1", "Offer support", "At 82%.",
                        desk.now, "letter-sent", facts)  # fmt: skip
    return replace(draft, **more)


def _written(desk: Desk, folder: Path, *effects: Effect) -> dict[str, Path]:
    given = replace(desk, effects=effects)
    files = [file for draft in drafts_of(given) for file in write_letter(draft, given, LETTERS, folder)]
    return {file.suffix: file for file in files}


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_letter_of_the_school_can_be_filled(template: str, named: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    pupil = None if template == "class-certificate" else "A1"
    files = _written(named, tmp_path, effect_of(_draft(template, named, pupil), Kind.LETTER))
    text = files[".txt"].read_text(encoding="utf-8")
    assert ("Otters" if pupil is None else "Amber") in text
    assert "amber" not in files[".txt"].name.casefold()
    assert not {"fine", "prosecution", "court"} & set(text.casefold().split())
    assert "penalty" not in text or template.startswith("leave-"), "support threatens nobody"
    assert (".pdf" in files) is not template.endswith(("-text", "-email"))


@pytest.mark.parametrize("template", [t for t in TEMPLATES if not t.endswith(("-text", "-email"))])
def test_a_letter_on_paper_is_tagged_and_says_its_language_and_title(
    template: str, named: Desk, effect_of: Wrap, tmp_path: Path
) -> None:
    pupil = None if template == "class-certificate" else "A1"
    files = _written(named, tmp_path, effect_of(_draft(template, named, pupil), Kind.LETTER))
    reader = PdfReader(io.BytesIO(files[".pdf"].read_bytes()))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    subject = files[".txt"].read_text(encoding="utf-8").splitlines()[0].removeprefix("Subject: ")
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith(subject)
    assert subject.split()[0] in reader.pages[0].extract_text()
    assert len(reader.pages) == 1


@pytest.mark.parametrize("template", ["support-letter", "monthly-concern-letter", "parents-statement"])
def test_days_missed_stand_before_the_percentage(template: str, named: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    text = _written(named, tmp_path, effect_of(_draft(template, named), Kind.LETTER))[".txt"].read_text("utf-8")
    assert text.index("missed 4½ days") < text.index("82.0%")


def test_the_days_in_question_are_listed_with_what_is_known_of_them(
    named: Desk, effect_of: Wrap, tmp_path: Path
) -> None:
    text = _written(named, tmp_path, effect_of(_draft("support-letter", named), Kind.LETTER))[".txt"].read_text("utf-8")
    assert "- Tuesday 13 October 2026, morning: no reason given yet" in text


def test_a_letter_says_what_the_year_can_still_become(named: Desk) -> None:
    values = letter_values((PupilId("A1"),), ((),), named)
    assert values["path_back"].startswith("If Amber is here every day from now on, attendance can be ")
    assert "To end at 96" in values["path_back"]


def test_a_draft_that_is_no_longer_called_for_is_taken_away(desk: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    letter = effect_of(_draft("support-letter", desk), Kind.LETTER)
    _written(desk, tmp_path, letter)
    clear_letters(replace(desk, effects=(letter,)), tmp_path)
    assert len(list(tmp_path.iterdir())) == 3, "what is still called for stays"
    clear_letters(replace(desk, effects=()), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_letter_whose_page_has_not_changed_is_not_set_anew(named: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    letter = effect_of(_draft("support-letter", named), Kind.LETTER)
    place = _written(named, tmp_path, letter)[".pdf"]
    place.write_bytes(b"opened by somebody")
    assert _written(named, tmp_path, letter)[".pdf"].read_bytes() == b"opened by somebody"
    other = replace(letter, proposal=replace(_draft("support-letter", named), why="At 80%."))
    assert _written(named, tmp_path, other)[".pdf"].read_bytes().startswith(b"%PDF")


def test_a_letter_about_a_pupil_who_left_says_so_without_a_name(desk: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    with pytest.raises(PaperRefused, match="no longer on the roll") as refused:
        _written(replace(desk, histories={}), tmp_path, effect_of(_draft("support-letter", desk), Kind.LETTER))
    assert "Amber" not in str(refused.value)


def test_a_template_with_a_mistake_is_named_by_file_and_line_and_stops_no_other_letter(
    named: Desk, effect_of: Wrap, tmp_path: Path
) -> None:
    templates, out = tmp_path / "letters", tmp_path / "out"
    templates.mkdir()
    (templates / "good-letter.j2").write_text("Hello\n\nDear {{ parents }}\n", encoding="utf-8")
    (templates / "bad-letter.j2").write_text("Hello\n\nDear\n{{ perents }}\n", encoding="utf-8")
    drafts = [effect_of(_draft(name, named), Kind.LETTER) for name in ("bad-letter", "good-letter")]
    papers = write_papers(replace(named, effects=tuple(drafts)), Folders(out, templates))
    assert [p for p in papers.problems if "bad-letter.j2:4: cannot be filled: 'perents' is undefined" in p]
    assert len(list((out / "letters").glob("good-letter-*"))) == 3
    assert not list((out / "letters").glob("bad-letter-*"))


def test_brothers_and_sisters_are_praised_in_one_message(named: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    two = [effect_of(_draft("praise-text", named, id, one_a_family=True), Kind.LETTER) for id in ("A1", "B2")]
    files = _written(named, tmp_path, *two)
    text = files[".txt"].read_text(encoding="utf-8")
    assert "Amber has had outstanding" in text
    assert "Kit has had outstanding" in text
    assert len(list(tmp_path.glob("*.txt"))) == 1
    desk = replace(named, effects=tuple(two))
    assert len({dict(task_of(effect, desk).facts)["Draft"] for effect in two}) == 1, "both cards name the one file"


def test_a_child_of_another_household_is_praised_apart(named: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    two = [effect_of(_draft("praise-text", named, id, one_a_family=True), Kind.LETTER) for id in ("A1", "C3")]
    _written(named, tmp_path, *two)
    assert len(list(tmp_path.glob("*.txt"))) == 2


def test_certificates_of_one_sort_are_printed_together_class_by_class(
    named: Desk, effect_of: Wrap, tmp_path: Path
) -> None:
    three = [effect_of(_draft("pupil-certificate", named, id), Kind.LETTER) for id in ("A1", "B2", "C3")]
    (place,) = write_in_one(replace(named, effects=tuple(three)), LETTERS, tmp_path)
    reader = PdfReader(io.BytesIO(place.read_bytes()))
    whom = [page.extract_text() for page in reader.pages]
    assert [name for page in whom for name in ("Kit", "Amber", "Lou") if f"{name} " in page] == ["Kit", "Amber", "Lou"]
    place.write_bytes(b"at the printer")
    (again,) = write_in_one(replace(named, effects=tuple(three)), LETTERS, tmp_path)
    assert again.read_bytes() == b"at the printer", "nothing has changed, so it is not set anew"
    assert write_in_one(replace(named, effects=tuple(three[:1])), LETTERS, tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_what_goes_to_every_family_is_one_file_in_which_each_begins_on_a_sheet_of_its_own(
    named: Desk, effect_of: Wrap, tmp_path: Path
) -> None:
    ids = ("A1", "B2", "C3")
    three = [effect_of(_draft("parents-statement", named, id, to_all=True), Kind.LETTER) for id in ids]
    concern = [effect_of(_draft("monthly-concern-letter", named, id), Kind.LETTER) for id in ids]
    (place,) = write_in_one(replace(named, effects=(*three, *concern)), LETTERS, tmp_path)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(place.read_bytes())).pages]
    first = [number for number, page in enumerate(pages) if "so far this school year" in page]
    assert first == [0, 2, 4], "printed on both sides, no family reads of another's child on the back"
    assert [name for page in pages for name in ("Kit", "Amber", "Lou") if f"{name}'s" in page] == [
        "Kit",
        "Amber",
        "Lou",
    ]


def test_texts_are_one_table_that_a_service_can_send(named: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    three = [effect_of(_draft("praise-text", named, id, one_a_family=True), Kind.LETTER) for id in ("A1", "B2", "C3")]
    (place,) = write_in_one(replace(named, effects=tuple(three)), LETTERS, tmp_path)
    _, rows = read_csv_of_person(place.read_bytes())
    assert [row[1:4] for row in rows] == [
        ["Kit Testpupil, Amber Testpupil", "Jo Testparent", "07700 900101"],
        ["Lou Example", "Pat Example", "+44 7700 900999"],
    ]
    assert "Amber has had outstanding" in rows[0][4]


def test_what_is_put_off_has_no_draft_until_it_comes_back(named: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    letter = effect_of(_draft("review-meeting-invitation", named), Kind.LETTER)
    waits = replace(letter, snoozed_until=named.now + timedelta(days=14))
    _written(named, tmp_path, letter)
    assert drafts_of(replace(named, effects=(waits,))) == ()
    clear_letters(replace(named, effects=(waits,)), tmp_path)
    assert list(tmp_path.iterdir()) == []
    later = replace(named, effects=(waits,), now=named.now + timedelta(days=14))
    assert len(drafts_of(later)) == 1


def test_each_paragraph_of_a_letter_is_one_for_a_screen_reader(named: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    files = _written(named, tmp_path, effect_of(_draft("support-letter", named), Kind.LETTER))
    root = PdfReader(io.BytesIO(files[".pdf"].read_bytes())).trailer["/Root"]
    (document,) = (kid.get_object() for kid in root["/StructTreeRoot"]["/K"])
    sorts = Counter(kid.get_object()["/S"] for kid in document["/K"])
    paragraphs = [block for block in letter_blocks(files[".txt"]) if not block.startswith("- ")]
    assert "/Span" not in sorts
    assert sorts["/P"] >= len(paragraphs) + 2


def letter_blocks(file: Path) -> list[str]:
    """The parts of a letter's text below its subject."""
    return [part for part in file.read_text(encoding="utf-8").split("\n\n")[1:] if part.strip()]


def test_a_letter_of_concern_never_holds_another_childs_figures(named: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    two = [effect_of(_draft("support-letter", named, id), Kind.LETTER) for id in ("A1", "B2")]
    _written(named, tmp_path, *two)
    texts = [file.read_text(encoding="utf-8") for file in tmp_path.glob("*.txt")]
    assert len(texts) == 2
    assert all(("Amber" in text) is not ("Kit" in text) for text in texts)


def test_a_task_brings_the_letters_that_may_be_sent_with_it(
    named: Desk, effect_of: Wrap, call_home: Callable[..., RaiseTask], tmp_path: Path
) -> None:
    task = effect_of(call_home("A1", drafts=("first-day-text", "first-day-email")))
    _written(named, tmp_path, task)
    drafts = [text for label, text in task_of(task, replace(named, effects=(task,))).facts if label == "Draft"]
    assert sorted(file.stem for file in tmp_path.glob("*.txt")) == sorted(drafts)


def test_the_sample_knows_every_value_that_a_real_letter_does(named: Desk) -> None:
    real = letter_values((PupilId("A1"),), ((),), named)
    assert {*sample_values(named.school, named.now), "children"} == {*real, "due"}


def test_every_letter_can_be_looked_at_before_it_is_used(named: Desk, tmp_path: Path) -> None:
    files = try_letters(LETTERS, named.school, named.now, tmp_path)
    assert {file.stem for file in files} == set(TEMPLATES)


@pytest.mark.parametrize(
    ("sessions", "said"),
    [(0, "no days"), (1, "half a day"), (2, "1 day"), (3, "1½ days"), (9, "4½ days"), (8, "4 days")],
)
def test_sessions_are_said_in_days(sessions: int, said: str) -> None:
    assert in_days(sessions) == said


def test_a_name_of_two_lines_tears_no_letter(desk: Desk) -> None:
    history = desk.histories[PupilId("A1")]
    torn = replace(history.pupil, forename="Amber\n\nRose")
    told = replace(desk, histories={PupilId("A1"): replace(history, pupil=torn)}, roll=(torn, *desk.roll[1:]))
    values = letter_values((PupilId("A1"),), ((("Word", "very\ngood"),),), told)
    assert values["forename"] == "Amber Rose"
    assert values["children"][0]["word"] == "very good"


@pytest.mark.parametrize("template", ABOUT_A_PUPIL)
def test_no_letter_of_the_school_breaks_a_sentence_over_two_lines(template: str, named: Desk) -> None:
    values = letter_values((PupilId("A1"),), (tuple(facts_of(template, LETTERS).items()),), named)
    values |= {"forename": "Al", "parents": "Jo", "due": date(2026, 10, 13)}
    for block in letter_text(LETTERS, template, values).blocks:
        for line in block.lines[:-1]:
            assert block.is_list or not line[-1].islower() or len(line) < 60, line
            assert block.is_list or len(block.lines) <= 3
