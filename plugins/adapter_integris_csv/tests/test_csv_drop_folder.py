"""When a file is taken, and where it goes."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mbls_sync.api import Resource, Unreachable

A, B = "B801200005001", "N823432113104"
GOOD = f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,/\n"
OTHER = f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,N\n"


@pytest.mark.parametrize(
    "name", [".marks.csv", "~marks.csv", "marks.csv.tmp", "marks.csv.part", "m.PARTIAL", "marks.csv~"]
)
def test_a_file_that_is_being_written_has_another_name(inbox, name):
    inbox.put(name, GOOD)
    assert inbox.pull() == []
    assert inbox.files() == [name]


def test_a_young_file_is_taken_once_it_has_rested(inbox, said):
    inbox.put("marks.csv", GOOD, age=0.5)
    (page,) = inbox.pull()
    assert inbox.waited == [1.5]
    assert said(page) == ["A 2026-09-07 AM /"]


def test_a_file_that_grows_meanwhile_is_left_for_the_next_pull(inbox):
    file = inbox.put("marks.csv", GOOD, age=0.5)
    inbox.while_waiting.append(lambda: file.write_text(GOOD + f"{B},07/09/2026,AM,/\n"))
    assert inbox.pull() == []
    assert file.exists()


def test_an_old_file_makes_nobody_wait(inbox):
    inbox.put("marks.csv", GOOD)
    assert len(inbox.pull()) == 1
    assert inbox.waited == []


def test_a_clock_that_runs_ahead_does_not_make_the_wait_longer(inbox):
    inbox.put("marks.csv", GOOD, age=-3600)
    assert len(inbox.pull()) == 1
    assert inbox.waited == [2.0]


def test_a_stored_file_is_moved_by_its_arrival(inbox):
    inbox.put("marks.csv", GOOD)
    inbox.store({})
    assert inbox.files() == ["done/2026-09-14/093000-marks.csv"], "half past eight UTC is half past nine in London"


def test_nothing_is_moved_before_it_is_stored(inbox):
    inbox.put("marks.csv", GOOD)
    assert len(inbox.pull()) == len(inbox.pull()) == 1
    assert inbox.files() == ["marks.csv"]


def test_nothing_is_ever_overwritten(inbox):
    for content in (GOOD, OTHER, GOOD):
        inbox.put("marks.csv", content)
        inbox.store({})
    done = "done/2026-09-14/"
    assert inbox.files() == [f"{done}093000-marks.csv", f"{done}093000.2-marks.csv", f"{done}093000.3-marks.csv"]


def test_committing_twice_is_committing_once(inbox):
    inbox.put("marks.csv", GOOD)
    adapter = inbox.adapter()
    (page,) = adapter.pull({})
    adapter.committed(page)
    adapter.committed(page)
    assert inbox.files() == ["done/2026-09-14/093000-marks.csv"]


def test_an_export_that_came_meanwhile_is_not_moved_unread(inbox):
    inbox.put("marks.csv", GOOD)
    adapter = inbox.adapter()
    (page,) = adapter.pull({})
    inbox.put("marks.csv", OTHER, age=30)
    adapter.committed(page)
    assert inbox.files() == ["marks.csv"]


def test_an_unreadable_file_goes_to_quarantine_beside_a_text_that_says_why(inbox):
    inbox.put("marks.csv", "hello\nthere\n")
    inbox.store({})
    folder = "quarantine/2026-09-14/"
    assert inbox.files() == [f"{folder}093000-marks.csv", f"{folder}093000-marks.csv.txt"]
    note = (inbox.folder / f"{folder}093000-marks.csv.txt").read_text(encoding="utf-8")
    assert "no header" in note
    assert "What to do" in note


def test_a_bad_row_gets_a_text_and_the_file_is_done(inbox):
    inbox.put("marks.csv", GOOD + f"{B},31/09/2026,AM,/\n")
    inbox.store({})
    note = "quarantine/2026-09-14/093000-marks.csv.txt"
    assert inbox.files() == ["done/2026-09-14/093000-marks.csv", note]
    assert "line 3" in (inbox.folder / note).read_text(encoding="utf-8")


def test_a_death_between_the_note_and_the_file_leaves_one_of_each(inbox, monkeypatch):
    inbox.put("marks.csv", GOOD + f"{B},31/09/2026,AM,/\n")

    def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("mbls_adapter_integris_csv.adapter.put_away", dies)
        with pytest.raises(KeyboardInterrupt):
            inbox.store({})
    assert inbox.files() == ["marks.csv", "quarantine/2026-09-14/093000-marks.csv.txt"]
    inbox.now += timedelta(minutes=1)
    inbox.store({})
    assert inbox.files() == ["done/2026-09-14/093100-marks.csv", "quarantine/2026-09-14/093100-marks.csv.txt"]


def test_the_note_of_an_earlier_export_of_that_name_stays(inbox):
    for _ in range(2):
        inbox.put("marks.csv", "hello\nthere\n")
        inbox.store({})
        inbox.now += timedelta(minutes=1)
    folder = inbox.folder / "quarantine/2026-09-14"
    assert sorted(path.name for path in folder.iterdir()) == [
        "093000-marks.csv",
        "093000-marks.csv.txt",
        "093100-marks.csv",
        "093100-marks.csv.txt",
    ]


def test_a_folder_that_cannot_be_tidied_keeps_no_note_of_a_file_that_stays(inbox, monkeypatch):
    inbox.put("marks.csv", "hello\nthere\n")

    def refuses(*_):
        raise PermissionError

    monkeypatch.setattr("mbls_adapter_integris_csv.adapter.put_away", refuses)
    inbox.store({})
    assert inbox.files() == ["marks.csv"]


@pytest.mark.parametrize("trick", ["symlink", "fifo", "hard link"])
def test_links_and_devices_are_refused_and_put_away(inbox, tmp_path, trick):
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD)
    place = inbox.folder / "marks.csv"
    {"symlink": place.symlink_to, "fifo": lambda _: os.mkfifo(place), "hard link": place.hardlink_to}[trick](secret)
    pages = inbox.store({}, settle_seconds=0)
    assert [page.unreadable for page in pages if "link" in page.unreadable or "pipe" in page.unreadable]
    assert all(not page.marks for page in pages)
    assert not os.path.lexists(place)
    assert secret.read_text() == GOOD, "what a link leads to is left alone"


def test_a_file_that_is_too_large_is_refused(inbox):
    inbox.put("marks.csv", GOOD + "x" * (1 << 20))
    (page,) = inbox.pull(max_megabytes=1)
    assert "more than" in page.unreadable


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


def test_the_older_export_is_read_first_and_the_people_before_the_marks(inbox):
    inbox.put("late.csv", GOOD, age=10)
    inbox.put("early.csv", OTHER, age=20)
    inbox.put("pupils.csv", f"UPN,Legal Surname\n{A},Testpupil\n", age=5)
    assert [page.source for page in inbox.pull()] == ["pupils.csv", "early.csv", "late.csv"]


def test_a_rebuild_reads_again_in_order_of_arrival(inbox):
    cursors: dict[str, str] = {}
    for content in (GOOD, OTHER, GOOD):
        inbox.put("marks.csv", content)
        inbox.put("pupils.csv", f"UPN,Legal Surname\n{A},Testpupil\n")
        inbox.store(cursors)
        inbox.now += timedelta(minutes=5)
    before = inbox.files()
    pages = list(inbox.adapter().replay({}))
    assert [page.marks[0].code for page in pages if page.resource is Resource.MARKS] == ["/", "N", "/"]
    assert [f"{page.received_at:%H%M%S}" for page in pages] == ["093000"] * 2 + ["093500"] * 2 + ["094000"] * 2
    for page in pages:
        inbox.adapter().committed(page)
    assert inbox.files() == before


def test_a_folder_that_is_not_there_is_unreachable(inbox):
    with pytest.raises(Unreachable, match="drop folder"):
        inbox.pull(folder="nowhere")


def test_check_says_what_is_wrong_and_what_waits(inbox):
    assert [report.ok for report in inbox.adapter(folder="nowhere").check()] == [False]
    inbox.put("marks.csv", GOOD)
    assert any("1 files wait" in report.says for report in inbox.adapter().check())
    inbox.store({})
    inbox.now += timedelta(days=30)
    # Nothing is broken, and somebody should look: well, and yet with something to do.
    assert any(report.ok and report.mend and "14/09/2026" in report.says for report in inbox.adapter().check())


def test_a_drop_folder_that_is_quiet_in_a_holiday_is_well(inbox):
    inbox.put("marks.csv", GOOD)
    inbox.now = datetime(2026, 10, 23, 16, 0, tzinfo=UTC)
    inbox.store({})
    inbox.now = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    assert [report.mend for report in inbox.adapter().check()] == ["", ""]
    inbox.now = datetime(2026, 11, 4, 8, 0, tzinfo=UTC)
    assert any(report.mend and "2 school days" in report.says for report in inbox.adapter().check())


def test_a_name_that_is_no_text_is_read_all_the_same(inbox, said):
    file = Path(os.fsdecode(os.fsencode(inbox.folder) + b"/marks-\xff.csv"))
    file.write_text(GOOD)
    inbox.touch(file, 60)
    (page,) = inbox.store({})
    assert said(page) == ["A 2026-09-07 AM /"]
    assert page.stream.encode("utf-8")
    assert len(inbox.files()) == 1
