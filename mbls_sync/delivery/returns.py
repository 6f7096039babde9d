"""LA returns: lines become entries, a writer lays them out, and files with a manifest are what the LA gets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.files import put, safe_name, sha256
from mbls_sync.delivery.manifest import readings_of
from mbls_sync.figures.history import History
from mbls_sync.model.attendance import Cohort
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import ReturnDue, ReturnEntry, ReturnTable
from mbls_sync.model.proposals import IncludeInReturn
from mbls_sync.model.subjects import UNEXPLAINED_CODE
from mbls_sync.policy.view import PolicyAt
from mbls_sync.render.csv_machine import csv_for_machine
from mbls_sync.render.xlsx import Sheet, workbook

ReturnWriter = Callable[..., ReturnTable]
"""A `write_return`, called with due, entries, school and policy by name; the registry's bound return is one."""

SENT = "return-sent"
"""The event that says that the LA has a return; its `ref` is `<name> <period>`. The next file gets a new number."""

LISTED = (State.PLANNED, State.APPROVED, State.SENDING, State.ACCEPTED, State.VERIFIED, State.INHERITED)
"""The states in which a line stands in its return; one that no longer holds was withdrawn."""

OF_THE_DAY = ("task-", "effect-", "note")
"""How the kinds of events begin that are the office's own and no step of a case."""

OF_A_STAGE = ("letter-sent", "-invited", "-held", "-reviewed", "-referred", "-closed")
"""How the kinds of events end that move a case to a further stage."""


def returns_due(desk: Desk) -> tuple[ReturnDue, ...]:
    """Every return that has a line, each once, in order of its due date."""
    found = {(line.due, line.name, line.period) for line, _ in _lines(desk)}
    return tuple(return_due(name, period, due, desk.calendar) for due, name, period in sorted(found))


def return_due(name: str, period: str, due: date, calendar: SchoolCalendar) -> ReturnDue:
    """A return with the span it is about: the term or month that its period names, else the year so far."""
    first, last = _span(period, due, calendar)
    return ReturnDue(name, period, first, last, due)


def due_without_lines(name: str, desk: Desk) -> ReturnDue:
    """The return of the present month or term, though nobody stands in it: that too is an answer to the LA."""
    today, calendar = desk.now.date(), desk.calendar
    term = calendar.term_of(today)
    if _is_monthly(name, desk):
        due = return_due(name, f"{today:%Y-%m}", today, calendar)
    elif term is not None:
        due = return_due(name, f"{calendar.school_year(today).year} {term[0]}", today, calendar)
    else:
        return return_due(name, str(calendar.school_year(today).year), today, calendar)
    held = calendar.sessions(due.first, due.last)
    return replace(due, due=held[-1].day if held else due.last)


def _is_monthly(name: str, desk: Desk) -> bool:
    return _stated(name, "frequency", desk.policy()) == "monthly"


def _stated(name: str, what: str, policy: PolicyAt) -> str | None:
    """The parameter `la.<return>.<what>`, or `la.<return>_return.<what>`; None where neither is in force."""
    plain = name.replace("-", "_")
    both = (f"la.{plain}.{what}", f"la.{plain}_return.{what}")
    return next((policy.text(parameter) for parameter in both if policy.is_in_force(parameter)), None)


def entries_of(due: ReturnDue, desk: Desk) -> tuple[ReturnEntry, ...]:
    """The lines of one return, by surname, forename and id. A pupil whom the roll does not know has none."""
    lines = [(line, effect) for line, effect in _lines(desk) if (line.name, line.period) == (due.name, due.period)]
    cohort = cohort_of(due, desk)
    known = [(line, effect, _history_of(line.pupil, desk)) for line, effect in lines]
    entries = [
        _entry(line, effect, history, due, cohort, desk.now) for line, effect, history in known if history is not None
    ]
    return tuple(sorted(entries, key=lambda e: (e.pupil.surname, e.pupil.forename, e.pupil.id)))


def cohort_of(due: ReturnDue, desk: Desk) -> Cohort:
    """Whose sessions count: the parameter `la.<return>.cohort` or `la.<return>_return.cohort`, else all on roll."""
    cohort = _stated(due.name, "cohort", desk.policy(due.due))
    return Cohort.ALL_ROLL if cohort is None else Cohort(cohort)


def write_return(desk: Desk, due: ReturnDue, writer: ReturnWriter, folder: Path) -> list[Path]:
    """One return as CSV for the LA's system, XLSX for a person, and a manifest; the same inputs, the same bytes.

    Raises PaperRefused, and writes nothing, where a cell would have to be altered for the LA.
    """
    entries = entries_of(due, desk)
    policy = desk.policy(due.due)
    table = writer(due=due, entries=entries, school=desk.school, policy=policy)
    until = min(max((history.until.day for history in desk.histories.values()), default=due.first), due.last)
    stem = _stem(due, desk)
    files = {
        f"{stem}.csv": csv_for_machine(table.columns, table.rows),
        f"{stem}.xlsx": workbook([_sheet(table)], table.title, until),
    }
    files[f"{stem}.manifest.json"] = _manifest(due, desk, table, entries, policy, until, files)
    return [put(folder, name, data) for name, data in files.items()]


def open_returns(desk: Desk) -> tuple[ReturnDue, ...]:
    """Every return that has a line not yet sent, in order of its due date."""
    waiting = {effect.key for effect in desk.to_do(Kind.RETURN_LINE)}
    still = {(line.name, line.period) for line, effect in _lines(desk) if effect.key in waiting}
    return tuple(due for due in returns_due(desk) if (due.name, due.period) in still)


def is_filed(due: ReturnDue, desk: Desk, folder: Path) -> bool:
    """Whether the return's files lie whole in `folder`: the manifest is written last."""
    return (folder / f"{_stem(due, desk)}.manifest.json").is_file()


def _lines(desk: Desk) -> Iterable[tuple[IncludeInReturn, Effect]]:
    for effect in desk.effects:
        if effect.kind is Kind.RETURN_LINE and effect.state in LISTED and isinstance(effect.proposal, IncludeInReturn):
            yield effect.proposal, effect


def _history_of(pupil: PupilId, desk: Desk) -> History | None:
    """The pupil's history; of one who left before this academic year too, since a return may be written after that."""
    gone = next((leaver for leaver in desk.leavers if leaver.id == pupil), None)
    if pupil in desk.histories or gone is None or not desk.histories:
        return desk.histories.get(pupil)
    events = tuple(event for event in desk.events if event.pupil == pupil)
    other = next(iter(desk.histories.values()))
    return replace(other, pupil=gone, messages=(), sign_ins=(), requests=(), events=events, spans=None)


def _entry(
    line: IncludeInReturn, effect: Effect, history: History, due: ReturnDue, cohort: Cohort, now: datetime
) -> ReturnEntry:
    """What stands of a pupil at the end of what the return is about; until then, what stands now."""
    first, until = AcademicYear.of(due.due).first, min(history.until.day, due.last)
    in_zone = (replace(event, at=event.at.astimezone(now.tzinfo)) for event in history.events)
    events = [event for event in in_zone if event.at.date() <= due.last]
    reached = [event.kind for event in events if event.kind.endswith(OF_A_STAGE)]
    left = history.pupil.left
    return ReturnEntry(
        pupil=history.pupil,
        figures=history.counts(first, until, cohort),
        unexplained_left=sum(code == UNEXPLAINED_CODE for _, code in history.codes(first, until)),
        stage=reached[-1].replace("-", " ") if reached else "",
        last_action=_last_action(events),
        cause=f"{line.cause}; left on {left:%d/%m/%Y}" if left and left < now.date() else line.cause,
        because=effect.because,
    )


def _last_action(events: Sequence[Event]) -> Event | None:
    steps = [event for event in events if not event.kind.startswith(OF_THE_DAY)]
    return steps[-1] if steps else None


def _span(period: str, due: date, calendar: SchoolCalendar) -> tuple[date, date]:
    month = re.search(r"(\d{4})-(0[1-9]|1[0-2])(?!\d)", period)
    for name, first, last in calendar.terms(due):
        if name.casefold() in period.casefold():
            return first, last
    if month and "-" not in period[month.end() :]:
        first = date(int(month[1]), int(month[2]), 1)
        return first, _month_end(first)
    return calendar.school_year(due).year.first, due


def _month_end(first: date) -> date:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _stem(due: ReturnDue, desk: Desk) -> str:
    sent = sum(event.kind == SENT and event.ref == f"{due.name} {due.period}" for event in desk.events)
    school = desk.school
    return f"{school.la_code}{school.establishment_number}_{safe_name(due.name)}_{safe_name(due.period)}_{sent + 1:03}"


def _sheet(table: ReturnTable) -> Sheet:
    return Sheet(table.name[:31], table.title, table.columns, table.rows, table.subtitle, table.notes)


def _manifest(
    due: ReturnDue,
    desk: Desk,
    table: ReturnTable,
    entries: Sequence[ReturnEntry],
    policy: PolicyAt,
    until: date,
    files: dict[str, bytes],
) -> bytes:
    lines = [line for line, _ in _lines(desk) if (line.name, line.period) == (due.name, due.period)]
    stated = {
        "return": due.name,
        "title": table.title,
        "school": f"{desk.school.la_code}{desk.school.establishment_number}",
        "period": due.period,
        "from": due.first.isoformat(),
        "to": due.last.isoformat(),
        "due": due.due.isoformat(),
        "marks_until": until.isoformat(),
        "cohort": cohort_of(due, desk).value,
        "rows": len(table.rows),
        "no_longer_on_roll": len(lines) - len(entries),
        "rules": sorted({entry.because.rule for entry in entries}),
        "parameters": readings_of([*(e.because for e in entries)], policy.readings),
        "files": [{"name": name, "bytes": len(data), "sha256": sha256(data)} for name, data in sorted(files.items())],
    }
    return (json.dumps(stated, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
