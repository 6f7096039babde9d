"""A packet is linted before it may be called ready; what stops it has an owner, and a person may override it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

KIND = "penalty-notice"
KINDS = ("ewo", "penalty-notice", "notice-to-improve", "attendance-certificate", "medical-needs")


@pytest.fixture
def upn(school: Any) -> str:
    school.run("once")
    rows = json.loads(school.run("figures", "--by", "pupil", "--format", "json").out)["rows"]
    return str(max(rows, key=lambda row: row["unauthorised"])["upn"])


def test_what_stops_it_is_told_with_mend_owner_and_source(school: Any, upn: str) -> None:
    answer = school.run("packet", "lint", KIND, upn, "--format", "json")
    assert answer.code == 1
    told = json.loads(answer.out)
    assert told["standing"] == "not ready"
    stops = {row["rule"]: row for row in told["rows"] if row["weight"] == "stops"}
    assert "n-left" in stops
    assert "Bradford" in stops["n-left"]["asked_by"]
    assert all(row["mend"] and row["who"] for row in told["rows"])


def test_an_override_holds_for_what_was_found_and_stands_in_the_manifest(school: Any, upn: str) -> None:
    assert school.run("packet", KIND, upn).code == 0
    (manifest,) = (school.folder / "out" / "packets").glob(f"{KIND}_*/manifest.json")
    assert json.loads(manifest.read_text(encoding="utf-8"))["lint"]["standing"] == "not ready"
    answer = school.run("packet", "lint", KIND, upn, "--override", "the LA asked for it today", "--by", "H. Example")
    assert answer.code == 0, answer.out
    assert "overridden" in answer.out
    stated = json.loads(manifest.read_text(encoding="utf-8"))
    assert stated["lint"]["standing"] == "overridden"
    assert upn not in school.run("audit", "export").out


def test_the_manifest_says_why_the_case_is_put_to_the_receiver(school: Any, upn: str) -> None:
    school.run("packet", KIND, upn)
    (manifest,) = (school.folder / "out" / "packets").glob(f"{KIND}_*/manifest.json")
    stated = json.loads(manifest.read_text(encoding="utf-8"))
    assert stated["cause"]
    assert all(reading["since"] and reading["cites"] for reading in stated["parameters"])
    rows = json.loads(school.run("figures", "--by", "pupil", "--format", "json").out)["rows"]
    (mine,) = (row for row in rows if row["upn"] == upn)
    assert len(stated["marks"]) == mine["authorised"] + mine["unauthorised"]


def test_a_notice_of_two_years_ago_counts_though_its_register_is_judged_no_more(school: Any, upn: str) -> None:
    row = f"{upn},1,Jo Testparent,mother,Y,07700 900101\n"
    header = "UPN,Priority,Name,Relationship,Parental Responsibility,Mobile\n"
    (school.inbox / "contacts.csv").write_text(header + row, encoding="utf-8")
    assert school.run("pull").code == 0
    for day in ("2024-06-03", "2026-02-10"):
        school.run("events", "record", "penalty-notice-issued", "--upn", upn, "--at", day, "--outcome", "Jo Testparent")
    told = json.loads(school.run("packet", "lint", KIND, upn, "--format", "json").out)
    assert "third-notice" in {row["rule"] for row in told["rows"] if row["weight"] == "stops"}


def test_the_checklist_stays_at_school(school: Any, upn: str) -> None:
    school.run("packet", KIND, upn)
    (manifest,) = (school.folder / "out" / "packets").glob(f"{KIND}_*/manifest.json")
    stated = json.loads(manifest.read_text(encoding="utf-8"))
    (kept,) = stated["kept_at_school"]
    assert kept["name"].endswith(".checklist.html")
    assert (manifest.parent / kept["name"]).is_file()
    assert kept["name"] not in {file["name"] for file in stated["files"]}


@pytest.mark.parametrize(
    "kind", ["ewo", "penalty-notice", "notice-to-improve", "attendance-certificate", "medical-needs"]
)
def test_every_kind_is_written_at_a_person_s_wish_and_twice_the_same(school: Any, upn: str, kind: str) -> None:
    assert school.run("packet", kind, upn).code == 0
    (folder,) = (school.folder / "out" / "packets").glob(f"{kind}_*/")
    first = {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir())}
    school.run("packet", kind, upn)
    assert {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir())} == first
    assert not [name for name in first if upn in name]
