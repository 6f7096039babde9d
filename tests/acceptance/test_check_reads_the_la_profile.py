"""`check` names the file and line of whatever in the LA's profile does not hold, and whose profile is in use."""

import json

import pytest


@pytest.fixture
def profile(school):
    return school.folder / "config" / "la" / "central-bedfordshire.yaml"


def _found(school):
    rows = json.loads(school.run("check", "--format", "json").out)
    return [(row["standing"], row["says"]) for row in rows if row["name"] == "la profile"]


def _change(file, old, new):
    text = file.read_text(encoding="utf-8")
    line = next(number for number, said in enumerate(text.splitlines(), start=1) if old in said)
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return f"{file}:{line}"


def test_the_shipped_profile_holds_and_is_that_of_the_school_s_la(school, profile):
    assert _found(school) == [("ok", f"{profile}: Central Bedfordshire, 12 forms")]


def test_a_column_whose_field_there_is_not_and_a_check_that_no_rule_does_are_named_with_their_lines(school, profile):
    column = _change(profile, "{head: Postcode, field: postcode", "{head: Postcode, field: post_code")
    check = _change(profile, "already-reported:", "already-told:")
    standings, says = zip(*_found(school), strict=True)
    assert set(standings) == {"problem"}
    assert any(said.startswith(column) and "'post_code'" in said for said in says)
    assert any(said.startswith(check) and "'already-told'" in said for said in says)


def test_a_value_that_the_policy_does_not_have_stops_the_start(school, profile):
    place = _change(profile, "la.absence_alert_days:", "la.absence_alert_dayz:")
    answer = school.run("check", "--format", "json")
    assert answer.code == 2
    assert place.rpartition(":")[0] in answer.out
    assert "la.absence_alert_dayz" in answer.out


def test_another_la_s_profile_is_a_note_and_a_name_that_no_file_has_a_problem(school):
    settings = school.folder / "mbls-sync.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'la_profile = "stockport"\n{text}', encoding="utf-8")
    assert [standing for standing, _ in _found(school)] == ["note", "ok"]
    settings.write_text(f'la_profile = "stopford"\n{text}', encoding="utf-8")
    answer = school.run("check", "--format", "json")
    assert answer.code == 2
    assert "mbls-sync.toml:1: la_profile is 'stopford'" in answer.out


def test_a_form_that_a_new_version_ships_is_told_where_the_school_s_file_is_older(school, profile):
    text = profile.read_text(encoding="utf-8")
    begins, ends = text.index("  deletion:\n"), text.index("  missing-education:\n")
    profile.write_text(text[:begins] + text[ends:], encoding="utf-8")
    told = [said for standing, said in _found(school) if standing == "note"]
    assert told == [f"{profile}: this version also ships how Central Bedfordshire takes deletion"]
