"""The governors' report is up to the end of a half-term: two of other days would tell of few pupils."""

import json


def test_the_report_of_any_day_is_that_of_the_last_half_terms_end(school, tmp_path):
    school.run("once")
    said = [
        school.run("pack", "governors", "--at", day, "--out", tmp_path / day) for day in ("2026-11-16", "2026-11-17")
    ]
    assert [answer.code for answer in said] == [0, 0]
    assert all("up to 2026-10-22, the end of a half-term" in answer.out for answer in said)
    one, other = (
        {file.name: file.read_bytes() for file in (tmp_path / day).iterdir()} for day in ("2026-11-16", "2026-11-17")
    )
    assert one == other
    (manifest,) = (json.loads(data) for name, data in one.items() if name.endswith("manifest.json"))
    assert manifest["marks_until"] <= "2026-10-22"


def test_the_staffs_pack_is_still_to_date(school, tmp_path):
    school.run("once")
    assert "end of a half-term" not in school.run("pack", "term", "--at", "2026-11-17", "--out", tmp_path).out
