"""When a file is taken, and where it goes."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from mbls_adapter_integris_csv.archive import forget_before

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


def test_what_was_put_away_before_the_school_s_own_copy_begins_is_let_go(tmp_path):
    for day in ("2024-09-02", "2025-07-31", "2025-08-01", "no-date"):
        for where in ("done", "quarantine"):
            (tmp_path / where / day).mkdir(parents=True)
            (tmp_path / where / day / "091600-marks.csv").write_bytes(b"UPN\r\n")
    before = date(2025, 8, 1)
    assert forget_before(tmp_path, before, dry_run=True) == 4
    assert forget_before(tmp_path, before, dry_run=False) == 4
    assert forget_before(tmp_path, before, dry_run=False) == 0
    assert sorted(day.name for day in (tmp_path / "done").iterdir()) == ["2025-08-01", "no-date"]


def test_a_folder_called_like_an_export_is_told_and_those_of_the_program_are_not(inbox):
    for name in ("marks.csv", "done", "quarantine", ".snapshot"):
        (inbox.folder / name).mkdir()
    told = [report for report in inbox.adapter().check() if report.mend]
    assert [report.says.partition(" ")[0] for report in told] == ["marks.csv"]
