"""The task list on a terminal: the same order and words as the page, a card a panel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from mbls_sync.delivery.cards import Card, Child, Task
from mbls_sync.delivery.task_list import TaskList
from mbls_sync.model.deliveries import Mode
from mbls_sync.render.cells import readable
from mbls_sync.render.html import long_day, moment


def task_list_text(tasks: TaskList) -> RenderableType:
    """The list as something rich prints. Text of the MIS is shown as it is: never as markup, never as a control."""
    return Group(*_parts(tasks))


def _parts(tasks: TaskList) -> Iterator[RenderableType]:
    yield _line(f"TASKS  {long_day(tasks.now.date())}  {freshness(tasks)}", "bold")
    yield _line(
        f"{tasks.families} families · {tasks.pupils} pupils · {tasks.registers_missing} registers missing · "
        f"{tasks.quarantined} rows in quarantine · {tasks.marks_waiting} marks waiting"
    )
    if tasks.mode is Mode.SHADOW:
        yield _line("SHADOW MODE: planned only; nothing is sent and no mark is written.", "bold yellow")
    yield from (_line(gap, "yellow") for gap in tasks.gaps)
    if not tasks.sections:
        yield _line("Nothing for you today.", "bold green")
    for section in tasks.sections:
        yield _line("")
        yield _line(f"{section.heading} ({section.count})", "bold underline")
        if section.is_table:
            yield from _table(section.tasks, tasks.now)
            continue
        for card in section.cards:
            yield Panel(_card(card, tasks.now), title=_line(card.heading, "bold"), title_align="left")
    for heading, group in (("Due later", tasks.later), ("Already so before going live: triage", tasks.inherited)):
        if group:
            yield _line(f"\n{heading} ({len(group)})", "bold underline")
            yield from _table(group, tasks.now)
    for due in tasks.next_due:
        yield _line(f"Next due {long_day(due.due)}: {due.text}")


def _table(found: Sequence[Task], now: datetime) -> Iterator[Text]:
    """A line a task; one line for all drafts of a letter that is sent alike."""
    alike = Counter(task.letter for task in found if task.letter)
    told: set[str] = set()
    for task in found:
        if alike[task.letter] < 2:
            yield from _brief(task, now)
        elif task.letter not in told:
            told.add(task.letter)
            late = "LATE " if task.is_late else ""
            yield _line(f"  {late}{moment(task.due, now)}  {alike[task.letter]} drafts  {task.title}")
            yield _line(f"      Once they are out: mbls-sync tasks sent {task.letter}")


def _brief(task: Task, now: datetime) -> Iterator[Text]:
    """One line; a task that is about several pupils names them below it."""
    late = "LATE " if task.is_late else ""
    who = task.name or task.class_name or "School"
    yield _line(f"  {late}{moment(task.due, now)}  {who}  {task.title}  [{task.id}]")
    if not task.name:
        yield from (_line(f"      {label}: {text}") for label, text in task.facts)


def freshness(tasks: TaskList) -> str:
    """When the marks came, and how old they are."""
    if tasks.pulled_at is None or tasks.age_minutes is None:
        return "no marks were ever pulled"
    if tasks.is_of_the_past:
        return f"as it stood at {tasks.now:%H:%M}, by the marks known then"
    return f"marks of {moment(tasks.pulled_at.astimezone(tasks.now.tzinfo), tasks.now)} ({tasks.age} old)"


def _card(card: Card, now: datetime) -> RenderableType:
    lines = [line for child in card.children for line in _child(child)]
    if card.is_guess:
        lines.append("One call: probably one family (a guess).")
    for task in card.tasks:
        lines.extend(_task(task, len(card.children) > 1, now))
    for contact in card.contacts:
        numbers = "  ".join(f"{label} {number}" for label, number in contact.numbers) or contact.email or "no number"
        last = f"  last time {contact.last_time}" if contact.last_time else ""
        lines.append(f"Call {contact.order} {contact.name} ({contact.relationship or 'contact'})  {numbers}{last}")
    lines.extend(f"Say: {say}" for say in card.say)
    return _line("\n".join(lines))


def _child(child: Child) -> Iterator[str]:
    flags = f"  ! {', '.join(child.flags)}" if child.flags else ""
    needs = f"  ({', '.join(child.needs)})" if child.needs else ""
    marks = " ".join(cell.code or "·" for cell in child.marks)
    yield f"{child.pupil.name}, {child.pupil.class_name}{flags}{needs}"
    if marks:
        yield f"  last {len(child.marks)} sessions: {marks}"
    yield from (f"  {step}" for step in child.steps)


def _task(task: Task, named: bool, now: datetime) -> Iterator[str]:
    late = "LATE, " if task.is_late else ""
    who = f"{task.name}: " if named else ""
    yield f"> {who}{task.title}  ({late}by {moment(task.due, now)})  [{task.id}]"
    yield f"  Why: {task.why} Policy: {task.policy} ({task.rule})." + (f" Marks: {task.marks}." if task.marks else "")
    yield from (f"  - {step}" for step in task.steps)
    if task.outcomes:
        yield f"  Outcomes: {' / '.join(task.outcomes)}"
    yield f"  Record: {task.command}"


def _line(text: str, style: str = "") -> Text:
    return Text(readable(text), style=style)
