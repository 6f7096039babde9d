"""LA returns: lines become entries, a writer lays them out as the LA takes them, and the lint says what is missing.

The file for the LA and the sheet for the school are two files by two writers: what a person opens can run no
formula, what a machine reads is never altered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from mbls_sync.delivery.desk import TO_DO, Desk
from mbls_sync.delivery.files import put, safe_name
from mbls_sync.delivery.lint import lint, linted
from mbls_sync.delivery.lint_returns import READABLE, RULES, ReturnPaper
from mbls_sync.delivery.manifest import CHECKLIST, is_kept, lint_stated, readings_of, sealed
from mbls_sync.delivery.return_entries import RETRACTED, cohort_of, entries_of, lines_in, ref_of
from mbls_sync.delivery.return_states import LINE_SENT, ReturnState, sent
from mbls_sync.model.deliveries import State
from mbls_sync.model.la_profile import Check, FileFormat, ReturnForm, Weight
from mbls_sync.model.lint import Linted, Standing
from mbls_sync.model.papers import ReturnDue, ReturnEntry, ReturnTable
from mbls_sync.policy.view import PolicyAt
from mbls_sync.render.checklist import checklist
from mbls_sync.render.csv_machine import csv_for_machine
from mbls_sync.render.fill_sheet import fill_sheet
from mbls_sync.render.xlsx import Sheet, workbook

ReturnWriter = Callable[..., ReturnTable]
"""A `write_return`, called with its arguments by name; the registry's bound return is one."""

UNLISTED = (
    Check("code-valid"),
    Check("duplicates"),
    Check("duplicate-sessions"),
    Check("of-age", Weight.ADVISES),
)
ENDINGS = {FileFormat.CSV: "csv", FileFormat.XLSX: "xlsx", FileFormat.FILL_SHEET: "html"}
WORKBOOK = ".xlsx"


@dataclass(frozen=True)
class PreparedReturn:
    """A return as it stands: laid out and linted, with its file's name and number. Nothing of it is written yet.

    `entries` are those that stand in the table. `supersedes` is the file that the LA holds, empty before the first.
    """

    due: ReturnDue
    form: ReturnForm
    number: int
    stem: str
    supersedes: str
    table: ReturnTable
    entries: tuple[ReturnEntry, ...]
    linted: Linted
    state: ReturnState
    policy: PolicyAt
    until: date
    school: str

    @property
    def ref(self) -> str:
        """What an event names the return by."""
        return ref_of(self.due)

    @property
    def file_for_la(self) -> str:
        """The name of the file that the LA is given, or from which its web form is filled."""
        return f"{self.stem}.{ENDINGS[self.form.format]}"

    def is_late(self, today: date) -> bool:
        """Whether its day has passed, somebody stands in it, and the LA does not have it."""
        unsent = self.state in (ReturnState.READY, ReturnState.OVERRIDDEN, ReturnState.NOT_READY)
        return unsent and self.due.due < today


def prepare(desk: Desk, due: ReturnDue, writer: ReturnWriter) -> PreparedReturn:
    """One return, laid out and linted. The same desk gives the same, at any minute."""
    policy, form = desk.policy(due.due), desk.profile.form(due.name, due.due)
    entries = entries_of(due, desk)
    table = writer(due=due, entries=entries, school=desk.school, policy=policy, form=form)
    told = sent(ref_of(due), desk.events)
    supersedes = _stem(due, form, desk, told.times) if told.times else ""
    if supersedes:
        table = replace(table, notes=(*table.notes, *_what_it_corrects(due, supersedes, desk)))
    by_id = {entry.pupil.id: entry for entry in entries}
    shown = tuple(by_id[pupil] for pupil in table.pupils) if table.pupils else entries
    findings = lint(ReturnPaper(due, form, table, shown, desk), checks_of(form), RULES, policy)
    found = linted(findings, ref_of(due), desk.events)
    return PreparedReturn(
        due=due,
        form=form,
        number=told.number,
        stem=_stem(due, form, desk, told.number),
        supersedes=supersedes,
        table=table,
        entries=shown,
        linted=found,
        state=_state(due, desk, found, told.state, bool(table.rows)),
        policy=policy,
        until=min(max((history.until.day for history in desk.histories.values()), default=due.first), due.last),
        school=desk.school.name,
    )


def checks_of(form: ReturnForm) -> tuple[Check, ...]:
    """What is looked at: what the profile lists, or where no profile has the form, what no LA would take."""
    listed = form.checks or UNLISTED
    known = any(check.rule == READABLE for check in listed)
    return listed if known or form.format is not FileFormat.CSV else (*listed, Check(READABLE))


def write_return(desk: Desk, due: ReturnDue, writer: ReturnWriter, folder: Path) -> list[Path]:
    """One return: the file for the LA, a workbook for the school, its checklist, and a manifest, which is written last.

    The same inputs, the same bytes. Raises PaperRefused, and writes nothing, where a cell would have to be altered
    for the LA.
    """
    prepared = prepare(desk, due, writer)
    files = files_of(prepared)
    files[f"{prepared.stem}.manifest.json"] = _manifest(prepared, desk, files)
    return [put(folder, name, data) for name, data in files.items()]


def files_of(prepared: PreparedReturn) -> dict[str, bytes]:
    """The bytes of each file by its name, without the manifest."""
    table, form, stem = prepared.table, prepared.form, prepared.stem
    files: dict[str, bytes] = {}
    if form.format is FileFormat.CSV:
        files[f"{stem}.csv"] = csv_for_machine(table.columns, table.rows, form.encoding)
    if form.format is FileFormat.FILL_SHEET:
        files[f"{stem}.html"] = fill_sheet(table, form, prepared.school, f"{prepared.until:%d/%m/%Y}")
    files[f"{stem}{WORKBOOK}"] = workbook([_sheet(table)], table.title, prepared.until)
    if form.checks or prepared.linted.findings:
        looked_at = len(checks_of(form))
        files[f"{stem}{CHECKLIST}"] = checklist(table.title, prepared.school, prepared.linted, looked_at)
    return files


def stands_filed(due: ReturnDue, desk: Desk, folder: Path) -> bool:
    """Whether the return's files lie whole in `folder`, and nothing stops them: the manifest is written last.

    What the lint stops is written again, since it is mended after its day.
    """
    form = desk.profile.form(due.name, due.due)
    stem = _stem(due, form, desk, sent(ref_of(due), desk.events).number)
    try:
        stated = json.loads((folder / f"{stem}.manifest.json").read_text(encoding="utf-8"))
        return bool(stated["lint"]["standing"] != Standing.NOT_READY)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _state(due: ReturnDue, desk: Desk, found: Linted, told: ReturnState | None, anybody: bool) -> ReturnState:
    if told is not None:
        return ReturnState.CORRECTION_DUE if _untold(due, desk) else told
    states = {effect.state for _, effect in lines_in(due, desk)}
    if states == {State.INHERITED}:
        return ReturnState.INHERITED
    if not anybody and not desk.profile.form(due.name, due.due).nil:
        return ReturnState.NOBODY
    return {
        Standing.READY: ReturnState.READY,
        Standing.NOT_READY: ReturnState.NOT_READY,
        Standing.OVERRIDDEN: ReturnState.OVERRIDDEN,
    }[found.standing]


def _untold(due: ReturnDue, desk: Desk) -> bool:
    """Whether somebody stands in the return of whom no file that was sent has told."""
    told = {event.pupil for event in desk.events if event.kind == LINE_SENT and event.ref == ref_of(due)}
    waiting = {effect.pupil for _, effect in lines_in(due, desk) if effect.state in TO_DO}
    return bool(told) and bool(waiting - told)


def _what_it_corrects(due: ReturnDue, supersedes: str, desk: Desk) -> Iterator[str]:
    """What a person who has the earlier file must know beside what stands in this one."""
    yield f"It takes the place of {supersedes}."
    known = {pupil.id: pupil for pupil in (*desk.roll, *desk.leavers)}
    for event in desk.events:
        if event.kind == RETRACTED and event.ref == ref_of(due) and event.pupil in known:
            pupil = known[event.pupil]
            born = f", born {pupil.born:%d/%m/%Y}" if pupil.born else ""
            yield f"Taken back: what was told of {pupil.legal_name}{born}. {event.note}".strip()


def _stem(due: ReturnDue, form: ReturnForm, desk: Desk, number: int) -> str:
    school = desk.school
    parts = {
        "laestab": f"{school.la_code}{school.establishment_number}",
        "la_code": school.la_code,
        "establishment": school.establishment_number,
        "return": safe_name(due.name),
        "period": safe_name(due.period),
        "number": f"{number:03}",
    }
    return form.file_name.format(**parts)


def _sheet(table: ReturnTable) -> Sheet:
    return Sheet(table.name[:31], table.title, table.columns, table.rows, table.subtitle, table.notes)


def _manifest(prepared: PreparedReturn, desk: Desk, files: Mapping[str, bytes]) -> bytes:
    due, form, found = prepared.due, prepared.form, prepared.linted
    entries = entries_of(due, desk)
    # The workbook is the school's, except where it is what the LA takes: of two files one would be asked about.
    stay = {name for name in files if is_kept(name) or (name.endswith(WORKBOOK) and name != prepared.file_for_la)}
    stated = {
        "return": due.name,
        "title": prepared.table.title,
        "school": f"{desk.school.la_code}{desk.school.establishment_number}",
        "period": due.period,
        "from": due.first.isoformat(),
        "to": due.last.isoformat(),
        "due": due.due.isoformat(),
        "number": prepared.number,
        "supersedes": prepared.supersedes,
        "marks_until": prepared.until.isoformat(),
        "cohort": cohort_of(due, desk).value,
        "rows": len(prepared.table.rows),
        "no_longer_on_roll": len(lines_in(due, desk)) - len(entries),
        "rules": sorted({entry.because.rule for entry in entries}),
        "parameters": readings_of([*(e.because for e in entries)], prepared.policy.readings),
        "receiver": {
            "profile": desk.profile.name,
            "channel": form.channel,
            "contact": form.contact,
            "format": form.format.value,
            "encryption": form.encryption,
            "file": prepared.file_for_la,
        },
        "lint": lint_stated(found),
        "files": [sealed(name, data) for name, data in sorted(files.items()) if name not in stay],
        "kept_at_school": [sealed(name, data) for name, data in sorted(files.items()) if name in stay],
    }
    return (json.dumps(stated, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
