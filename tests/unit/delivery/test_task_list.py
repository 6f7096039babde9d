"""The officer's list: order, families, what a card says, and that nothing on it can run."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from rich.console import Console

from mbls_sync.cli.task_list_text import task_list_text
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.task_list import build
from mbls_sync.delivery.task_list_files import task_list_csv, task_list_page, write_task_list
from mbls_sync.model.deliveries import Effect, Kind, Mode, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import DraftLetter, IncludeInReturn, RaiseTask, Rank
from mbls_sync.model.pupils import Pupil

Call = Callable[..., RaiseTask]
Wrap = Callable[..., Effect]


@pytest.fixture
def full(desk: Desk, call_home: Call, effect_of: Wrap) -> Desk:
    tomorrow = date(2026, 10, 14)
    letter = DraftLetter("support-letter", PupilId("C3"), "attendance_officer", "e1", "Letter of support",
                         "Attendance is at the level of the first letter.", call_home("C3", day=tomorrow).due,
                         "support-letter-sent")  # fmt: skip
    line = IncludeInReturn("register-check", PupilId("C3"), "2026-27 autumn", date(2026, 12, 18), "illness")
    return replace(
        desk,
        effects=(
            effect_of(call_home("C3", Rank.UNEXPLAINED, hour=15, title="Find out why")),
            effect_of(call_home("B2")),
            effect_of(call_home("A1", Rank.SAFEGUARDING, hour=9)),
            effect_of(letter, Kind.LETTER),
            effect_of(line, Kind.RETURN_LINE),
            effect_of(call_home("C3", Rank.CLOCK, title="Old case"), state=State.INHERITED),
            effect_of(call_home("C3", Rank.PRAISE, title="Praise text"), state=State.WITHDRAWN),
            effect_of(call_home("B2", Rank.CLOCK, title="Tomorrow"), snoozed_until=desk.now + timedelta(days=1)),
            effect_of(RaiseTask("take-register", "Ask Otters for the register", "No mark by 09:15.", desk.now,
                                "office", Rank.REGISTER)),
        ),
    )  # fmt: skip


def test_siblings_are_one_card_with_the_most_urgent_rank(full: Desk) -> None:
    first = build(full).sections[0]
    assert first.heading == "Safeguarding first"
    assert [child.pupil.forename for child in first.cards[0].children] == ["Amber", "Kit"]
    assert first.cards[0].is_guess


def test_a_task_about_several_pupils_names_them(full: Desk, effect_of: Wrap) -> None:
    cases = RaiseTask("monitor-cases", "Look at the week", "Watched weekly.", full.now, "office", Rank.CLOCK,
                      facts=(("Amber Testpupil, Otters", "/ N; 89.0%"),))  # fmt: skip
    tasks = build(replace(full, effects=(effect_of(cases),)))
    page, console = task_list_page(tasks).decode(), Console(width=200, record=True, file=io.StringIO())
    console.print(task_list_text(tasks))
    assert "Amber Testpupil, Otters</strong>: / N; 89.0%" in page
    assert "Amber Testpupil, Otters: / N; 89.0%" in console.export_text()


def test_sections_stand_in_the_order_of_work(full: Desk) -> None:
    assert [s.heading for s in build(full).sections] == ["Safeguarding first", "Still N", "Registers"]


def test_what_is_due_another_day_inherited_put_off_or_withdrawn_is_not_work_for_today(full: Desk) -> None:
    tasks = build(full)
    assert [task.title for task in tasks.later] == ["Letter of support"]
    assert [task.title for task in tasks.inherited] == ["Old case"]
    assert tasks.put_off == 1
    assert not {"Old case", "Praise text", "Tomorrow"} & {task.title for task in tasks.tasks}


def test_the_header_counts_families_and_pupils_and_says_how_old_the_marks_are(full: Desk) -> None:
    tasks = build(full)
    assert (tasks.families, tasks.pupils, tasks.age_minutes) == (2, 3, 2)
    assert tasks.next_due[0].text == "register check, 2026-27 autumn: 1 pupil"


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 minutes"), (1, "1 minute"), (119, "119 minutes"), (120, "2 hours"), (9600, "6 days")]
)
def test_the_age_of_the_marks_is_said_as_people_say_it(desk: Desk, minutes: int, said: str) -> None:
    assert build(replace(desk, pulled_at=desk.now - timedelta(minutes=minutes))).age == said


def test_a_shuffle_of_the_outbox_and_of_the_roll_changes_nothing(full: Desk) -> None:
    expected = build(full)
    for seed in range(5):
        effects, roll = list(full.effects), list(full.roll)
        Random(seed).shuffle(effects)
        Random(seed).shuffle(roll)
        assert build(replace(full, effects=tuple(effects), roll=tuple(roll))) == expected


def test_contacts_stand_in_order_with_what_happened_last_time(full: Desk) -> None:
    lines = build(full).sections[0].cards[0].contacts
    assert [line.name for line in lines] == ["Jo Testparent", "Sam Testaunt"]
    assert "no answer" in lines[0].last_time
    assert lines[1].last_time == ""


def test_a_card_shows_the_last_ten_sessions_as_marks(full: Desk) -> None:
    child = build(full).sections[0].cards[0].children[0]
    assert [cell.code for cell in child.marks] == ["\\", *["/", "\\"] * 4, "N"]
    assert child.flags == ("child in need, has a social worker",)


def test_a_deadline_that_is_past_says_late_and_does_not_rely_on_colour(full: Desk) -> None:
    assert build(full).sections[0].cards[0].tasks[0].is_late
    assert '<span class="late">LATE</span>' in task_list_page(build(full)).decode()


def test_nothing_for_you_today_is_a_proper_page(desk: Desk) -> None:
    text = task_list_page(build(desk)).decode()
    assert "Nothing for you today" in text
    assert "<h1>" in text


def test_shadow_mode_is_said_at_the_top(full: Desk) -> None:
    assert "SHADOW MODE" in task_list_page(build(full)).decode()
    assert "SHADOW MODE" not in task_list_page(build(replace(full, mode=Mode.AUTO))).decode()


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.ids += [str(given["id"])] if given.get("id") else []
        self.outside += [v for k, v in attrs if k in ("src", "href") and v and not v.startswith(("#", "tel:"))]


def test_the_page_is_whole_by_itself_and_runs_nothing(full: Desk) -> None:
    outline = _Outline()
    text = task_list_page(build(full)).decode()
    outline.feed(text)
    assert outline.outside == []
    assert not {"script", "link", "img", "iframe"} & set(outline.tags)
    assert "url(" not in text
    assert len(outline.ids) == len(set(outline.ids))


def test_headings_go_down_one_level_at_a_time(full: Desk) -> None:
    outline = _Outline()
    outline.feed(task_list_page(build(full)).decode())
    levels = [int(tag[1]) for tag in outline.tags if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_hostile_name_stays_text(full: Desk) -> None:
    bad = replace(full.roll[2], forename="<script>alert(1)</script>", surname='=HYPERLINK("http://x")')
    tasks = build(replace(full, roll=(*full.roll[:2], bad)))
    assert "<script" not in task_list_page(tasks).decode()
    worse = build(replace(full, roll=(*full.roll[:2], replace(bad, forename=""))))
    assert "\"'=HYPERLINK(" in task_list_csv(worse).decode("utf-8-sig")


def test_the_terminal_shows_the_same_work_and_takes_no_markup_from_the_mis(full: Desk) -> None:
    bad = replace(full.roll[2], forename="[red]Lou[/]", surname="\x1b[31mExample")
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(task_list_text(build(replace(full, roll=(*full.roll[:2], bad)))))
    text = console.export_text()
    assert "[red]Lou[/]" in text
    assert "\x1b" not in text
    assert "Call home about this morning" in text


def test_the_command_names_each_task_by_a_beginning_that_no_other_shares(full: Desk) -> None:
    ids = [task.id for task in build(full).tasks]
    assert len(set(ids)) == len(ids)
    assert all(sum(e.key.startswith(i) for e in full.effects) == 1 for i in ids)
    assert build(full).tasks[0].command == f'mbls-sync tasks done {ids[0]} --outcome "OUTCOME"'


def test_the_same_desk_gives_the_same_bytes_and_leaves_no_half_file(full: Desk, tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in write_task_list(build(full), tmp_path)}
    second = {path.name: path.read_bytes() for path in write_task_list(build(full), tmp_path)}
    assert first == second
    assert sorted(path.name for path in tmp_path.iterdir()) == ["task-list.csv", "task-list.html"]


def test_one_village_has_many_houses_with_number_one(desk: Desk) -> None:
    one, other = Pupil(PupilId("X"), address="1 High Street"), Pupil(PupilId("Y"), address="1 High Street")
    assert len(set(replace(desk, roll=(one, other)).family.values())) == 2


def test_under_one_heading_whoever_has_missed_most_comes_first(full: Desk, call_home: Call, effect_of: Wrap) -> None:
    missed = {"A1": 4, "B2": 11, "C3": 7}
    histories = {
        id: replace(
            history, figures=replace(history.figures, authorised=missed[id], possible=60, present=60 - missed[id])
        )
        for id, history in full.histories.items()
    }
    effects = [effect_of(call_home(id, Rank.CLOCK, title="Invite home", outcomes=())) for id in missed]
    tasks = build(replace(full, effects=tuple(effects), histories=histories))
    assert [task.pupil for task in tasks.tasks] == ["B2", "C3", "A1"]
    rows = task_list_csv(tasks).decode("utf-8-sig").splitlines()[1:]
    assert [name for row in rows for name in ("Kit", "Lou", "Amber") if name in row] == ["Kit", "Lou", "Amber"]


def test_a_hundred_letters_told_alike_are_one_line_with_the_command_that_records_them(
    full: Desk, effect_of: Wrap
) -> None:
    letters = [
        DraftLetter("parents-statement", PupilId(id), "office", "e1", "Send the statement", "The term ends.", full.now,
                    "statement-sent", to_all=True)
        for id in ("A1", "B2", "C3")
    ]  # fmt: skip
    tasks = build(replace(full, effects=tuple(effect_of(letter, Kind.LETTER) for letter in letters)))
    console = Console(record=True, width=160, file=io.StringIO())
    console.print(task_list_text(tasks))
    text = console.export_text()
    assert "3 drafts  Send the statement" in text
    assert "mbls-sync tasks sent parents-statement" in text
    assert "Letters, meetings and reviews due (3)" in text
    assert "Amber" not in text
    page = task_list_page(tasks).decode()
    assert page.count("mbls-sync tasks sent parents-statement") == 1
    assert page.index("<details>") < page.index("Amber Testpupil")


def test_a_day_of_another_year_carries_its_year_on_the_terminal(full: Desk, call_home: Call, effect_of: Wrap) -> None:
    old = effect_of(call_home("C3", Rank.CLOCK, day=date(2024, 9, 30), title="Put the policy before the governors"))
    console = Console(record=True, width=160, file=io.StringIO())
    console.print(task_list_text(build(replace(full, effects=(old,)))))
    assert "LATE Mon 30 Sep 2024 12:00" in console.export_text()


def test_a_step_that_says_its_outcome_by_its_name_says_it_once(full: Desk) -> None:
    sent = Event(full.now - timedelta(days=3), "support-letter-sent", PupilId("A1"), "sent", note="by post")
    histories = {**full.histories, PupilId("A1"): replace(full.histories[PupilId("A1")], events=(sent,))}
    page = task_list_page(build(replace(full, histories=histories))).decode()
    assert "support letter sent, by post" in page


def test_a_list_of_a_past_moment_says_so_and_gives_its_marks_no_age(full: Desk) -> None:
    past = build(replace(full, pulled_at=full.now + timedelta(days=120)))
    console = Console(record=True, width=160, file=io.StringIO())
    console.print(task_list_text(past))
    assert "as it stood at 09:18, by the marks known then" in console.export_text()
    page = task_list_page(past).decode()
    assert "by the marks known then" in page
    assert "minutes old" not in page
