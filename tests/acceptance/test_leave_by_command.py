"""A request for leave from the office's file to the head's decision, the answer home and the mark in the register."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from mbls_sync.model.upn import upn_check_letter

LONDON = ZoneInfo("Europe/London")
COLUMNS = "UPN,Received At,From Date,To Date,Purpose,Kind,From Session,To Session"
AMBER, CANARY = (upn_check_letter(rest) + rest for rest in ("823999926001", "823999926003"))
TODAY, LATER = date(2026, 11, 24), date(2026, 12, 15)


def _asked(school: Any, *rows: tuple[str, ...]) -> None:
    text = "\n".join([COLUMNS, *map(",".join, rows)])
    (school.inbox / "leave_requests.csv").write_text(f"{text}\n", encoding="utf-8")


def _tasks(school: Any, kind: str) -> list[dict[str, Any]]:
    rows = json.loads(school.run("tasks", "list", "--format", "json").out)["rows"]
    return [row for row in rows if row["kind"] == kind]


def _letters(school: Any) -> list[str]:
    return sorted(path.name.rsplit("-", 1)[0] for path in (school.folder / "out" / "letters").glob("*.txt"))


def _keyed(school: Any) -> list[tuple[str, str, str]]:
    text = (school.folder / "out" / "keying-sheet.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    return [(row[1], row[4], row[5]) for row in rows[1:] if len(row) > 5]


def test_leave_is_decided_by_marking_the_task_done_and_entered_on_its_day(school: Any) -> None:
    _asked(school, (AMBER, "20/11/2026 09:05", "15/12/2026", "16/12/2026", "wedding", "leave", "", "am"))
    assert school.run("once").code == 0
    page = school.folder / "out" / "advice" / "requests-for-the-head.html"
    assert "Amber Testpupil, 2T" in page.read_text(encoding="utf-8")
    (task,) = _tasks(school, "decide-leave")
    refused = school.run("tasks", "done", task["id"])
    assert (refused.code, "granted, refused" in refused.err) == (2, True)
    done = ("tasks", "done", task["id"], "--outcome", "granted", "--by", "H. Head-Example")
    assert school.run(*done, "--note", "a parent marries").code == 0
    assert school.run("once").code == 0
    assert not page.exists()
    assert "leave-granted" in _letters(school)
    assert not _tasks(school, "decide-leave")
    with time_machine.travel(datetime(2026, 12, 15, 9, 16, tzinfo=LONDON), tick=False):
        rows = f"{AMBER},{LATER:%d/%m/%Y},AM,N\n{CANARY},{LATER:%d/%m/%Y},AM,/\n"
        (school.inbox / "marks-2.csv").write_text(f"UPN,Date,Session,Mark\n{rows}", encoding="utf-8")
        assert school.run("once").code == 0
        assert ("Amber Testpupil", "N", "C") in _keyed(school)
        assert not [row for row in _tasks(school, "call-home") if row["upn"] == AMBER]


def test_leave_granted_without_a_reason_is_not_complete(school: Any) -> None:
    _asked(school, (AMBER, "20/11/2026 09:05", "15/12/2026", "16/12/2026", "wedding", "", "", ""))
    assert school.run("once").code == 0
    record = ("events", "record", "leave-granted", "--upn", AMBER, "--ref", "2026-12-15", "--outcome", "2026-12-15")
    assert school.run(*record).code == 0
    assert school.run("once").code == 0
    assert not [name for name in _letters(school) if name.startswith("leave-")]
    (task,) = _tasks(school, "complete-leave-decision")
    assert school.run("tasks", "done", task["id"], "--note", "a parent marries").code == 0
    assert school.run("once").code == 0
    assert "leave-partly-granted" in _letters(school)


def test_leave_that_was_refused_and_taken_is_put_forward_for_a_signature(school: Any) -> None:
    asked = f"{TODAY:%d/%m/%Y}"
    _asked(school, (AMBER, "02/11/2026 09:05", asked, asked, "family holiday", "", "", ""))
    record = ("events", "record", "leave-refused", "--upn", AMBER, "--at", "2026-11-03T10:00", "--note", "a holiday")
    assert school.run("pull").code == 0
    assert school.run(*record).code == 0
    assert school.run("once").code == 0
    assert ("Amber Testpupil", "N", "G") in _keyed(school)
    assert "leave-refused" in _letters(school)
    assert [row["upn"] for row in _tasks(school, "leave-taken-all-the-same")] == [AMBER]
    assert [row["upn"] for row in _tasks(school, "call-home") if row["upn"] == AMBER] == [AMBER]


def test_a_request_that_cannot_be_read_is_quarantined_and_the_others_stand(school: Any) -> None:
    _asked(
        school,
        (AMBER, "20/11/2026 09:05", "15/12/2026", "16/12/2026", "wedding", "outing", "", ""),
        (CANARY, "20/11/2026 09:05", "15/12/2026", "16/12/2026", "wedding", "", "", ""),
    )
    assert school.run("once").code == 1
    assert [row["upn"] for row in _tasks(school, "decide-leave")] == [CANARY]
    (note,) = (school.inbox / "quarantine").rglob("*leave_requests.csv.txt")
    assert "'outing' is no kind of request" in note.read_text(encoding="utf-8")
