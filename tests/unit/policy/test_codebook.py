from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.errors import ParameterError
from mbls_sync.model.codes import CodeStanding, Meaning
from mbls_sync.model.registers import Encoding
from mbls_sync.policy.codebook import load_codes
from mbls_sync.policy.places import codes_file, shipped_config

LAST_OF_2006, FIRST_OF_2024 = date(2024, 8, 18), date(2024, 8, 19)
BOOK = load_codes(codes_file(shipped_config()))
CODES_2006 = set("/ \\ L B J P V W D C E H I M R S T G N O U X Y Z #".split())
CODES_2024 = set("/ \\ L K V P W B D C1 M J1 S X C2 C T R I E Q Y1 Y2 Y3 Y4 Y5 Y6 Y7 G N O U Z #".split())


def codes_meaning(meaning, day):
    return {entry.code for entry in BOOK.codes_on(day) if entry.meaning is meaning}


def test_each_national_set_is_whole_on_its_own_days():
    assert {entry.code for entry in BOOK.codes_on(LAST_OF_2006)} == CODES_2006
    assert {entry.code for entry in BOOK.codes_on(FIRST_OF_2024)} == CODES_2024


@pytest.mark.parametrize(
    ("meaning", "old", "new"),
    [
        (Meaning.PRESENT, "/ \\ L", "/ \\ L"),
        (Meaning.APPROVED, "B J P V W", "B K P V W"),
        (Meaning.AUTHORISED, "C E H I M R S T", "C C1 C2 E I J1 M R S T"),
        (Meaning.UNAUTHORISED, "G N O U", "G N O U"),
        (Meaning.NOT_POSSIBLE, "D X Y", "D X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7"),
        (Meaning.NOT_COLLECTED, "Z #", "Z #"),
    ],
)
def test_what_each_code_counts_as_is_what_the_department_counts(meaning, old, new):
    assert codes_meaning(meaning, LAST_OF_2006) == set(old.split())
    assert codes_meaning(meaning, FIRST_OF_2024) == set(new.split())


@pytest.mark.parametrize("code", ["H", "J", "Y"])
def test_a_code_withdrawn_in_2024_keeps_its_old_meaning_and_is_flagged(code):
    assert BOOK.standing(code, LAST_OF_2006, True) is CodeStanding.VALID
    assert BOOK.standing(code, FIRST_OF_2024, True) is CodeStanding.WITHDRAWN
    assert BOOK.meaning(code, date(2026, 9, 7)) is BOOK.meaning(code, LAST_OF_2006)


def test_a_withdrawn_code_names_its_successor_where_there_is_just_one():
    assert {code: BOOK.entry(code, FIRST_OF_2024).successor for code in "HJYF"} == {
        "H": "C",
        "J": "J1",
        "Y": None,
        "F": None,
    }


def test_extended_family_holiday_ended_in_2013():
    assert BOOK.standing("F", date(2013, 9, 1), True) is CodeStanding.WITHDRAWN
    assert BOOK.meaning("F", date(2023, 9, 4)) is Meaning.AUTHORISED


@pytest.mark.parametrize("code", ["C1", "C2", "J1", "K", "Q", "Y1", "Y7"])
def test_a_code_of_2024_was_not_yet_there_before(code):
    assert BOOK.standing(code, LAST_OF_2006, True) is CodeStanding.NOT_YET
    assert BOOK.standing(code, FIRST_OF_2024, True) is CodeStanding.VALID


@pytest.mark.parametrize(("code", "of_age", "below"), [("X", "no", "yes"), ("C2", "yes", "no"), ("T", "yes", "no")])
def test_a_code_for_one_age_is_not_for_the_other(code, of_age, below):
    day = date(2026, 9, 7)
    found = {True: BOOK.standing(code, day, True), False: BOOK.standing(code, day, False)}
    words = {"yes": CodeStanding.VALID, "no": CodeStanding.WRONG_AGE}
    assert found == {True: words[of_age], False: words[below]}


@pytest.mark.parametrize("code", ["S", "W"])
@pytest.mark.parametrize("day", [LAST_OF_2006, FIRST_OF_2024])
def test_study_leave_and_work_experience_are_implausible_at_this_age(code, day):
    assert BOOK.standing(code, day, True) is CodeStanding.IMPLAUSIBLE


def test_a_code_of_no_set_is_unknown_and_its_meaning_is_not_guessed():
    assert BOOK.standing("@", date(2026, 9, 7), True) is CodeStanding.UNKNOWN
    assert BOOK.entry("@", date(2026, 9, 7)) is None
    with pytest.raises(ParameterError, match="not a national attendance code"):
        BOOK.meaning("@", date(2026, 9, 7))


def test_a_blank_is_never_present():
    assert BOOK.meaning("", date(2026, 9, 7)) is Meaning.NO_MARK


def test_titles_are_those_of_the_day():
    assert BOOK.title("N", LAST_OF_2006) == "reason not yet provided"
    assert BOOK.title("N", FIRST_OF_2024) == "reason not yet established"


def test_every_entry_cites_an_instrument():
    assert all("2006" in e.cites or "2013" in e.cites or "2024" in e.cites for e in BOOK.entries)


def test_every_code_has_room_in_the_registers_encoding_and_keeps_its_byte():
    encoding = Encoding().grown(BOOK.pairs())
    assert set(encoding.pairs.values()) == set(BOOK.pairs())
    assert Encoding().grown(BOOK.pairs()).pairs == encoding.pairs


@given(st.sampled_from(BOOK.codes), st.dates(date(2006, 9, 1), date(2030, 8, 31)), st.booleans())
def test_a_known_code_always_has_a_meaning_and_a_standing(code, day, is_csa):
    assert BOOK.meaning(code, day) is not Meaning.NO_MARK
    assert BOOK.standing(code, day, is_csa) is not CodeStanding.UNKNOWN


ENTRY = "{title: t, meaning: present, cites: c}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("codes: []", "no code"),
        (f"codes:\n- {{code: 'ABC', dated: [{ENTRY}]}}", "longer than two"),
        (f"codes:\n- {{code: A, dated: [{ENTRY}]}}\n- {{code: A, dated: [{ENTRY}]}}", "stands twice"),
        (f"codes:\n- {{code: A, dated: [{ENTRY}, {ENTRY}]}}", "overlap"),
        ("codes:\n- {code: A, dated: []}", "no dated meaning"),
        ("codes:\n- {code: A, dated: [{title: t, meaning: here, cites: c}]}", "is not one of"),
        ("codes:\n- {code: A, dated: [{title: t, meaning: present}]}", "lacks cites"),
        (f"codes:\n- code: #\n  dated: [{ENTRY}]", "is empty"),
        (
            "codes:\n- {code: A, dated: [{title: t, meaning: present, cites: c, from: 2024-01-02, to: 2024-01-01}]}",
            "ends",
        ),
        ("codes:\n- {code: A, dated: [{title: t, meaning: present, cites: c, plausible: maybe}]}", "yes or no"),
    ],
)
def test_a_code_that_is_not_exactly_right_is_refused_with_its_line(tmp_path, text, problem):
    (tmp_path / "codes.yaml").write_text(text)
    with pytest.raises(ParameterError, match=problem) as caught:
        load_codes(tmp_path / "codes.yaml")
    assert caught.value.line
