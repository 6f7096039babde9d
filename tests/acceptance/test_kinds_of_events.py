"""A step that is written wrong is refused where a person writes it, and told by `check` where it came by file."""

import json

from tests.acceptance.conftest import AMBER


def kinds_of(school):
    return [row["kind"] for row in json.loads(school.run("events", "list", "--format", "json").out)]


def test_a_slip_of_the_pen_is_refused_and_nothing_is_recorded(school):
    school.run("once")
    said = school.run("events", "record", "ewo-refered", "--upn", AMBER)
    assert said.code == 2
    assert "nearest are ewo-referred" in said.err
    assert kinds_of(school) == []


def test_a_kind_of_the_schools_own_is_added_to_its_list(school):
    school.run("once")
    assert school.run("events", "record", "breakfast-club-offered", "--upn", AMBER).code == 2
    file = school.folder / "config" / "events.yaml"
    with file.open("a", encoding="utf-8") as out:
        out.write("  - kinds: breakfast-club-offered\n    says: a place at the breakfast club was offered\n")
    assert school.run("events", "record", "breakfast-club-offered", "--upn", AMBER).code == 0
    assert kinds_of(school) == ["breakfast-club-offered"]
    assert "breakfast-club-offered" in school.run("events", "kinds").out


def test_a_slip_in_a_file_is_kept_and_told(school):
    row = f"{AMBER},2026-11-23T10:00:00+00:00,ewo-refered"
    (school.inbox / "events.csv").write_text(f"UPN,At,Kind\n{row}\n", encoding="utf-8")
    school.run("once")
    assert kinds_of(school) == ["ewo-refered"]
    said = " ".join(school.run("check").out.split())
    assert "'ewo-refered', which no rule, letter or packet reads" in said
    assert "record ewo-referred where that was meant" in said
