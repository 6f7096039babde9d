"""An export that was stored before is known again by what it says; anything else is news."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

A, B = "B801200005001", "N823432113104"
GOOD = f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,/\n"
OTHER = f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,N\n"


def test_the_same_export_again_is_unchanged(inbox):
    cursors: dict[str, str] = {}
    inbox.put("marks.csv", GOOD)
    inbox.store(cursors)
    inbox.now += timedelta(minutes=5)
    inbox.put("marks.csv", GOOD)
    (page,) = inbox.store(cursors)
    assert page.unchanged
    assert "marks.csv" not in inbox.files()


def test_the_same_marks_in_another_order_are_unchanged(inbox):
    cursors: dict[str, str] = {}
    head, *rows = (GOOD + f"{B},07/09/2026,AM,/\n").splitlines(keepends=True)
    inbox.put("marks.csv", "".join([head, *rows]))
    inbox.store(cursors)
    inbox.put("marks.csv", "".join([head, *reversed(rows)]))
    (page,) = inbox.store(cursors)
    assert page.unchanged


@pytest.mark.parametrize(("first", "then"), [("a.csv", "b.csv"), ("m-20260907-0850.csv", "m-20260907-0916.csv")])
def test_the_same_export_under_a_new_name_is_unchanged(inbox, first, then):
    cursors: dict[str, str] = {}
    for name in (first, then, then):
        inbox.put(name, GOOD)
        pages = inbox.store(cursors)
    assert [page.unchanged for page in pages] == [True]
    assert cursors[f"marks/{then}"].split(":")[:2] == cursors[f"marks/{first}"].split(":")[:2]


def test_the_same_week_under_the_name_of_another_week_is_news(inbox):
    cursors: dict[str, str] = {}
    week = f"UPN,Mon AM,Mon PM\n{A},/,\\\n"
    inbox.put("marks 2026-09-07.csv", week)
    inbox.store(cursors)
    inbox.put("marks 2026-09-14.csv", week)
    (page,) = inbox.store(cursors)
    assert {row.day.isoformat() for row in page.marks} == {"2026-09-14"}


def test_a_new_name_of_what_has_been_overtaken_is_news(inbox, said):
    cursors: dict[str, str] = {}
    for name, content in (("a.csv", GOOD), ("b.csv", OTHER), ("c.csv", GOOD)):
        inbox.put(name, content)
        (page,) = inbox.store(cursors)
    assert said(page) == ["A 2026-09-07 AM /"], "the mark that b.csv changed comes back"


def test_two_names_of_one_export_in_one_pull_are_both_read(inbox):
    for name in ("a.csv", "b.csv"):
        inbox.put(name, GOOD)
    assert [page.unchanged for page in inbox.store({})] == [False, False], "the first may yet be held for a person"


def test_on_a_folder_that_cannot_be_tidied_a_copy_does_not_come_back(inbox, monkeypatch):
    monkeypatch.setattr(os, "rename", lambda *_: (_ for _ in ()).throw(PermissionError(30, "Read-only file system")))
    cursors: dict[str, str] = {}
    inbox.put("a.csv", GOOD, age=90)
    inbox.store(cursors)
    inbox.put("copy.csv", GOOD)
    inbox.store(cursors)
    inbox.put("a.csv", OTHER, age=30)
    assert [(page.source, page.unchanged) for page in inbox.store(cursors)] == [("copy.csv", True), ("a.csv", False)]


def test_two_exports_that_take_turns_are_each_news(inbox, said):
    cursors: dict[str, str] = {}
    for name, content in (("a.csv", GOOD), ("b.csv", OTHER)):
        inbox.put(name, content)
        inbox.store(cursors)
    inbox.put("a.csv", GOOD)
    (page,) = inbox.store(cursors)
    assert said(page) == ["A 2026-09-07 AM /"], "the mark that b.csv changed comes back"


def test_what_was_not_read_clean_is_read_again(inbox):
    cursors: dict[str, str] = {}
    for _ in range(2):
        inbox.put("marks.csv", GOOD.replace("Mark", "Roll"))
        (page,) = inbox.store(cursors)
        assert page.unreadable
    inbox.put("marks.csv", GOOD.replace("Mark", "Roll"))
    (page,) = inbox.store(cursors, aliases={"mark": ("Roll",)})
    assert page.marks, "once the setting is mended the same file is read"


def test_on_a_folder_that_cannot_be_tidied_the_content_decides(inbox, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(os, "rename", refuse)
    cursors: dict[str, str] = {}
    inbox.put("a.csv", GOOD, age=90)
    inbox.put("b.csv", OTHER)
    assert [page.unchanged for page in inbox.store(cursors)] == [False, False]
    assert [page.unchanged for page in inbox.store(cursors)] == [True, True]
    inbox.put("b.csv", GOOD)
    assert [(page.source, page.unchanged) for page in inbox.store(cursors)] == [("a.csv", True), ("b.csv", False)]


def test_on_a_read_only_folder_a_file_that_is_only_touched_is_no_news(inbox, monkeypatch):
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and may(path, mode))
    monkeypatch.setattr(os, "rename", lambda *_: (_ for _ in ()).throw(PermissionError(30, "Read-only file system")))
    cursors: dict[str, str] = {}
    inbox.put("a.csv", GOOD, age=90)
    inbox.put("b.csv", OTHER, age=60)
    inbox.store(cursors)
    inbox.touch(inbox.folder / "a.csv", 30)
    assert [page.unchanged for page in inbox.store(cursors)] == [True, True], "an old mark does not come back"
