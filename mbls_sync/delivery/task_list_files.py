"""The task list as files: one printable page and one CSV, each whole or not there."""

from __future__ import annotations

from pathlib import Path

from mbls_sync.delivery.calls import ContactLine
from mbls_sync.delivery.cards import Card, Task
from mbls_sync.delivery.files import put
from mbls_sync.delivery.task_list import TaskList
from mbls_sync.model.papers import Cell
from mbls_sync.render.csv_person import csv_for_person
from mbls_sync.render.html import page

PAGE = "task-list.html"
SHEET = "task-list.csv"
COLUMNS = (
    "Order",
    "Section",
    "Due",
    "Pupil",
    "Class",
    "What to do",
    "Why",
    "Policy section",
    "Marks",
    "Call",
    "Say",
    "Outcomes",
    "Record with",
)


def write_task_list(tasks: TaskList, folder: Path) -> list[Path]:
    """The list as `task-list.html` and `task-list.csv` in `folder`; what stood there before is replaced."""
    return [put(folder, PAGE, task_list_page(tasks)), put(folder, SHEET, task_list_csv(tasks))]


def task_list_page(tasks: TaskList) -> bytes:
    """The list as one self-contained page, to read on any screen or to print on A4."""
    return page("task_list.html.j2", list=tasks)


def task_list_csv(tasks: TaskList) -> bytes:
    """The list as CSV for a person: a row a task, in the order of the list; tasks due later and inherited follow."""
    rows: list[tuple[Cell, ...]] = []
    for section in tasks.sections:
        calls = {task.id: card for card in section.cards for task in card.tasks}
        rows.extend(_row(len(rows) + 1, section.heading, task, calls[task.id]) for task in section.tasks)
    for heading, group in (("Due later", tasks.later), ("Already so before going live", tasks.inherited)):
        rows.extend(_row(number, heading, task) for number, task in enumerate(group, start=len(rows) + 1))
    return csv_for_person(COLUMNS, rows)


def _row(number: int, section: str, task: Task, card: Card | None = None) -> tuple[Cell, ...]:
    return (
        number,
        section,
        f"{task.due:%d/%m/%Y %H:%M}",
        task.name,
        task.class_name,
        task.title,
        task.why,
        f"{task.policy} ({task.rule})",
        task.marks,
        "; ".join(_call(line) for line in card.contacts) if card else "",
        task.say,
        " / ".join(task.outcomes),
        task.command,
    )


def _call(line: ContactLine) -> str:
    numbers = ", ".join(number for _, number in line.numbers) or line.email or "no number"
    return f"{line.order} {line.name}" + (f" ({line.relationship})" if line.relationship else "") + f" {numbers}"
