"""The rules of the lint for returns: what makes an LA send one back, each with its mend."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.lint import LintRule
from mbls_sync.delivery.return_entries import ref_of
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import CodeStanding
from mbls_sync.model.happenings import Event
from mbls_sync.model.la_profile import ReturnForm
from mbls_sync.model.lint import Fault
from mbls_sync.model.papers import ReturnDue, ReturnEntry, ReturnTable
from mbls_sync.model.subjects import UNEXPLAINED_CODE
from mbls_sync.render.cells import iso
from mbls_sync.render.csv_machine import why_refused

READABLE = "readable"
"""Looked at in every file for a machine, whatever the profile lists: the file could not be written."""

SENT_LINE, RETRACTED = "return-line-sent", "return-line-retracted"
CONFIRMED = ("contacts-confirmed", "contacts-updated")
LETTER, VISIT, GROUND = "letter-sent", "home-visit", "deletion-ground"
ATTEMPTS = ("call-home", "call-others", "reason-asked", "return-asked", "visit-warning", VISIT)


@dataclass(frozen=True)
class ReturnPaper:
    """A return as the lint looks at it: laid out, with the entries that stand in it."""

    due: ReturnDue
    form: ReturnForm
    table: ReturnTable
    entries: tuple[ReturnEntry, ...]
    desk: Desk


def n_left(paper: ReturnPaper) -> Iterator[Fault]:
    """A session is still N in what is told: in the episode, and in the year where the file counts the year's."""
    told_of_year = any(column.field == "n_left" for column in paper.form.columns)
    for entry in paper.entries:
        here = sum(code == UNEXPLAINED_CODE for _, code in entry.codes)
        count = max(here, entry.unexplained_left) if told_of_year or not entry.codes else here
        if count:
            mend = "Establish the reason and code it; where none comes within the time the law gives, record O."
            yield Fault(f"{entry.pupil.name}: {_sessions(count)} still N.", mend, entry.pupil.id)


def gaps(paper: ReturnPaper) -> Iterator[Fault]:
    """A session in which the pupil was expected has no mark."""
    for entry in paper.entries:
        if entry.figures.unmarked:
            says = f"{entry.pupil.name}: {_sessions(entry.figures.unmarked)} without a mark this year."
            yield Fault(says, "Complete the register in the MIS; it is taken with the next pull.", entry.pupil.id)


def code_valid(paper: ReturnPaper) -> Iterator[Fault]:
    """A code that was not in the national set on the session's own date, or not for that age."""
    for entry in paper.entries:
        first, last = AcademicYear.of(paper.due.due).first, min(paper.due.last, paper.desk.now.date())
        history = paper.desk.histories.get(entry.pupil.id)
        # The year's figures stand in the file beside the episode, and are made of every mark of the year.
        marks = dict((*(history.codes(first, last) if history else ()), *entry.codes))
        wrong = [(s, marks[s]) for s in sorted(marks) if marks[s] and not _is_valid(paper, marks[s], s.day, entry)]
        if wrong:
            session, code = wrong[0]
            more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
            says = (
                f"{entry.pupil.name}: {code} on {session.day:%d/%m/%Y} {session.period}{more} was no valid code then."
            )
            yield Fault(says, "Amend the mark in the MIS to the code of that date.", entry.pupil.id)


def of_age(paper: ReturnPaper) -> Iterator[Fault]:
    """A return confined to compulsory school age names nobody below it, and nobody whose age is not known."""
    for entry in paper.entries:
        if entry.pupil.born is None:
            mend = "Enter the date of birth in the MIS; without it the pupil was taken to be of compulsory school age."
            yield Fault(f"{entry.pupil.name}: no date of birth.", mend, entry.pupil.id)
        elif paper.form.csa_only and not entry.pupil.is_compulsory_school_age(paper.due.judged_on):
            mend = "Take the line out: the law confines this return to pupils of compulsory school age."
            yield Fault(f"{entry.pupil.name} is below compulsory school age.", mend, entry.pupil.id)


def required(paper: ReturnPaper) -> Iterator[Fault]:
    """A field that the LA asks for is empty."""
    wanted = [place for place, column in enumerate(paper.form.columns) if column.required]
    for entry, row in zip(paper.entries, paper.table.rows, strict=False):
        missing = [paper.table.columns[place] for place in wanted if row[place] in ("", None)]
        if missing:
            mend = "Complete it in the MIS, or record it as an event (`mbls-sync events kinds`), and write it again."
            yield Fault(f"{entry.pupil.name}: missing {', '.join(missing)}.", mend, entry.pupil.id)


def contacts_fresh(paper: ReturnPaper) -> Iterator[Fault]:
    """Nobody has confirmed the contact details lately."""
    months = paper.desk.policy(paper.due.due).count("la.lint.contact_months")
    for entry in paper.entries:
        confirmed = [e.at.date() for e in (*_of_all(paper), *entry.events) if e.kind in CONFIRMED]
        if not confirmed or months_before(paper.due.due, months) > max(confirmed):
            last = f"last confirmed on {max(confirmed):%d/%m/%Y}" if confirmed else "never recorded as confirmed"
            mend = f"Confirm address and numbers with home, then: mbls-sync events record {CONFIRMED[0]} --upn UPN"
            yield Fault(f"{entry.pupil.name}: contact details {last} (within {months} months).", mend, entry.pupil.id)


def _of_all(paper: ReturnPaper) -> Iterator[Event]:
    """What the school did with every home at once."""
    return (event for event in paper.desk.events if event.pupil is None and event.at.date() <= paper.due.due)


def duplicates(paper: ReturnPaper) -> Iterator[Fault]:
    """One child stands in two lines: the same UPN, or the same name and date of birth."""
    for what in ("UPN", "name and date of birth"):
        keys = {entry.pupil.id: _who(entry, what) for entry in paper.entries}
        often = {key for key, count in Counter(filter(None, keys.values())).items() if count > 1}
        for entry in paper.entries:
            if keys[entry.pupil.id] in often:
                mend = "Two records of one child are in the MIS: merge them, or correct the wrong one."
                yield Fault(f"{entry.pupil.name} stands in two lines with the same {what}.", mend, entry.pupil.id)


def duplicate_sessions(paper: ReturnPaper) -> Iterator[Fault]:
    """A mark of the pupil was not taken, because its session came with two codes or it could not be read."""
    for entry in paper.entries:
        # A quarantined mark begins with its pupil, and holds a mark; other rows are about no session.
        rows = [row for row in paper.desk.unread if row.marks and row.text.startswith(f"{entry.pupil.id} ")]
        if rows:
            says = f"{entry.pupil.name}: {len(rows)} of the MIS's marks not taken; {rows[0].reason}."
            mend = "Leave each session one mark in the MIS, and pull again: mbls-sync pull shows what was not taken."
            yield Fault(says, mend, entry.pupil.id)


def already_reported(paper: ReturnPaper) -> Iterator[Fault]:
    """The LA wants an episode once, and was told of this one in an earlier return."""
    here = ref_of(paper.due)
    for entry in paper.entries:
        earlier = [ref for ref, first, last in told(entry, paper.due.name) if ref != here and _meet(entry, first, last)]
        if earlier and entry.first is not None:
            mend = "Take the line out, or correct the return that told it first."
            yield Fault(f"{entry.pupil.name}: this episode was told in {earlier[-1]}.", mend, entry.pupil.id)


def readable(paper: ReturnPaper) -> Iterator[Fault]:
    """A text cannot stand unaltered in the file that the LA's system reads."""
    for entry, row in zip(paper.entries, paper.table.rows, strict=False):
        for head, cell in zip(paper.table.columns, row, strict=True):
            if why := why_refused(iso(cell), paper.form.encoding):
                says = f"{entry.pupil.name}, {head}: {why}."
                yield Fault(says, "Correct the entry in the MIS, and write the return again.", entry.pupil.id)


def letters(paper: ReturnPaper) -> Iterator[Fault]:
    """Fewer letters were sent home this year than the LA asks for."""
    yield from _fewer(paper, "la.lint.letters", (LETTER,), "letter", "Send and record them")


def visits(paper: ReturnPaper) -> Iterator[Fault]:
    """Fewer home visits were made this year than the LA asks for."""
    yield from _fewer(paper, "la.lint.visits", (VISIT,), "home visit", "Visit and record it, or record why not")


def attempts(paper: ReturnPaper) -> Iterator[Fault]:
    """Nobody is recorded to have tried to reach home in the episode."""
    for entry in paper.entries:
        tried = [e for e in entry.events if e.kind in ATTEMPTS and (entry.first is None or e.at.date() >= entry.first)]
        if not tried:
            mend = "Record each call and visit of the episode: mbls-sync events record call-home --upn UPN"
            yield Fault(f"{entry.pupil.name}: no attempt to reach home is recorded.", mend, entry.pupil.id)


def ground(paper: ReturnPaper) -> Iterator[Fault]:
    """A deletion has a ground of the regulation in force on the last day on the register."""
    for entry in paper.entries:
        recorded = (event.outcome for event in reversed(entry.events) if event.kind == GROUND)
        letter = next(recorded, "").strip().casefold()
        policy = paper.desk.policy(entry.pupil.left or paper.due.due)
        mend = f"Record the letter: mbls-sync events record {GROUND} --upn UPN --outcome LETTER"
        if not letter:
            yield Fault(f"{entry.pupil.name}: no ground for the deletion is recorded.", mend, entry.pupil.id)
        elif letter not in policy.table("la.deletion.grounds"):
            says = f"{entry.pupil.name}: {letter!r} is no ground of the regulations of that day."
            yield Fault(says, mend, entry.pupil.id)


def told(entry: ReturnEntry, name: str) -> Iterator[tuple[str, date, date]]:
    """Each time the LA was told of the pupil in the return called `name`: the return, and the episode's span."""
    taken_back = {event.ref for event in entry.events if event.kind == RETRACTED}
    for event in entry.events:
        if event.kind == SENT_LINE and event.ref.startswith(f"{name} ") and event.ref not in taken_back:
            first, _, last = event.outcome.partition("..")
            if first and last:
                yield event.ref, date.fromisoformat(first), date.fromisoformat(last)


def _fewer(paper: ReturnPaper, name: str, endings: tuple[str, ...], what: str, mend: str) -> Iterator[Fault]:
    wanted = paper.desk.policy(paper.due.due).count(name)
    since = AcademicYear.of(paper.due.due).first
    for entry in paper.entries:
        made = sum(e.kind.endswith(endings) and e.at.date() >= since for e in entry.events)
        if made < wanted:
            says = f"{entry.pupil.name}: {made} {what}{'' if made == 1 else 's'} recorded, {wanted} asked for."
            yield Fault(says, f"{mend}; only what is recorded counts.", entry.pupil.id)


def _is_valid(paper: ReturnPaper, code: str, day: date, entry: ReturnEntry) -> bool:
    standing = paper.desk.codes.standing(code, day, entry.pupil.is_compulsory_school_age(day))
    return standing in (CodeStanding.VALID, CodeStanding.IMPLAUSIBLE)


def _who(entry: ReturnEntry, what: str) -> str:
    pupil = entry.pupil
    if what == "UPN":
        return pupil.upn
    return f"{pupil.legal_name.casefold()} {pupil.born}" if pupil.surname and pupil.born else ""


def _meet(entry: ReturnEntry, first: date, last: date) -> bool:
    return entry.first is not None and entry.last is not None and entry.first <= last and first <= entry.last


def months_before(day: date, months: int) -> date:
    """The day so many months earlier."""
    month = day.month - 1 - months
    year, month = day.year + month // 12, month % 12 + 1
    # The 31st of a month that has none is its last day.
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _sessions(count: int) -> str:
    return f"{count} session{'' if count == 1 else 's'}"


def _rules() -> Iterable[LintRule[ReturnPaper]]:
    officer, office, head = "attendance_officer", "office", "head"
    yield LintRule("n-left", "no session still N", officer, n_left)
    yield LintRule("gaps", "no session without a mark", office, gaps)
    yield LintRule("code-valid", "every code valid on its date", office, code_valid)
    yield LintRule("of-age", "of compulsory school age where the law confines it", office, of_age)
    yield LintRule("required", "every field that the LA asks for", office, required)
    yield LintRule("contacts-fresh", "contact details confirmed lately", office, contacts_fresh)
    yield LintRule("duplicates", "each child once", office, duplicates)
    yield LintRule("duplicate-sessions", "each session with one mark", office, duplicate_sessions)
    yield LintRule("already-reported", "each episode once", officer, already_reported)
    yield LintRule(READABLE, "every text as the LA's system can read it", office, readable)
    yield LintRule("letters", "enough letters sent", officer, letters)
    yield LintRule("visits", "enough home visits made", officer, visits)
    yield LintRule("attempts", "attempts to reach home recorded", officer, attempts)
    yield LintRule("ground", "a ground of the regulations", head, ground)


RULES: Mapping[str, LintRule[ReturnPaper]] = {rule.id: rule for rule in _rules()}
"""Every rule for returns, by the name that an LA's profile uses."""
