"""Lines of a return become entries: which returns there are, what each is about, and what stands of whom in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from mbls_sync.delivery.desk import Desk
from mbls_sync.figures.history import History
from mbls_sync.model.attendance import Cohort
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import ReturnDue, ReturnEntry
from mbls_sync.model.proposals import IncludeInReturn
from mbls_sync.model.subjects import UNEXPLAINED_CODE
from mbls_sync.policy.view import PolicyAt

LISTED = (State.PLANNED, State.APPROVED, State.SENDING, State.ACCEPTED, State.VERIFIED, State.INHERITED)
"""The states in which a line stands in its return; one that no longer holds was withdrawn."""

RETRACTED = "return-line-retracted"
"""The event that a pupil was told to the LA in error; `ref` is `<name> <period>`. The next file leaves them out."""

OF_THE_DAY = ("task-", "effect-", "note", "return-", "lint-")
"""How the kinds of events begin that are the office's own and no step of a case."""

KNOWN = frozenset(
    {
        "deletion-ground",
        "destination-known",
        "fit-note-received",
        "last-school-known",
        "lone-worker-risk",
        "new-address-known",
        "whereabouts-known",
        "whereabouts-unknown",
    }
)
"""The kinds of events that say what became known, and not what the school did."""

OF_A_STAGE = ("letter-sent", "-invited", "-held", "-reviewed", "-referred", "-closed")
"""How the kinds of events end that move a case to a further stage."""


def ref_of(due: ReturnDue) -> str:
    """What an event names a return by."""
    return f"{due.name} {due.period}"


def returns_due(desk: Desk) -> tuple[ReturnDue, ...]:
    """Every return that has a line, each once, in order of its due date."""
    found: dict[tuple[str, str], date] = {}
    for line, _ in lines_of(desk):
        key = line.name, line.period
        found[key] = min(line.due, found.get(key, line.due))
    ordered = sorted((due, name, period) for (name, period), due in found.items())
    return tuple(return_due(name, period, due, desk.calendar) for due, name, period in ordered)


def open_returns(desk: Desk) -> tuple[ReturnDue, ...]:
    """Every return that has a line not yet sent, in order of its due date."""
    waiting = {effect.key for effect in desk.to_do(Kind.RETURN_LINE)}
    still = {(line.name, line.period) for line, effect in lines_of(desk) if effect.key in waiting}
    return tuple(due for due in returns_due(desk) if (due.name, due.period) in still)


def return_due(name: str, period: str, due: date, calendar: SchoolCalendar) -> ReturnDue:
    """A return with the span it is about: the term or month that its period names, else the year so far."""
    first, last = _span(period, due, calendar)
    return ReturnDue(name, period, first, last, due)


def due_without_lines(name: str, desk: Desk) -> ReturnDue:
    """The return of the present month or term, though nobody stands in it: that too is an answer to the LA."""
    today, calendar = desk.now.date(), desk.calendar
    term = calendar.term_of(today)
    if frequency_of(name, desk) == "monthly":
        due = return_due(name, f"{today:%Y-%m}", today, calendar)
    elif term is not None:
        due = return_due(name, f"{calendar.school_year(today).year} {term[0]}", today, calendar)
    else:
        return return_due(name, str(calendar.school_year(today).year), today, calendar)
    held = calendar.sessions(due.first, due.last)
    return replace(due, due=held[-1].day if held else due.last)


def frequency_of(name: str, desk: Desk) -> str:
    """How often the return goes to the LA: `monthly`, `termly`; empty for one that is sent when its cause arises."""
    return _stated(name, "frequency", desk.policy()) or ""


def cohort_of(due: ReturnDue, desk: Desk) -> Cohort:
    """Whose sessions count: the parameter `la.<return>.cohort` or `la.<return>_return.cohort`, else all on roll."""
    cohort = _stated(due.name, "cohort", desk.policy(due.due))
    return Cohort.ALL_ROLL if cohort is None else Cohort(cohort)


def entries_of(due: ReturnDue, desk: Desk) -> tuple[ReturnEntry, ...]:
    """The lines of one return, by surname, forename and id. A pupil whom the roll does not know has none."""
    cohort = cohort_of(due, desk)
    known = [(line, effect, _history_of(line.pupil, desk)) for line, effect in lines_in(due, desk)]
    entries = [_entry(line, effect, history, due, cohort, desk) for line, effect, history in known if history]
    return tuple(sorted(entries, key=lambda e: (e.pupil.surname, e.pupil.forename, e.pupil.id)))


def lines_in(due: ReturnDue, desk: Desk) -> list[tuple[IncludeInReturn, Effect]]:
    """The lines of one return, without those that were told in error."""
    ref = ref_of(due)
    taken_back = {event.pupil for event in desk.events if event.kind == RETRACTED and event.ref == ref}
    return [
        (line, effect)
        for line, effect in lines_of(desk)
        if (line.name, line.period) == (due.name, due.period) and line.pupil not in taken_back
    ]


def lines_of(desk: Desk) -> Iterable[tuple[IncludeInReturn, Effect]]:
    """Every line of every return that stands."""
    for effect in desk.effects:
        if effect.kind is Kind.RETURN_LINE and effect.state in LISTED and isinstance(effect.proposal, IncludeInReturn):
            yield effect.proposal, effect


def _stated(name: str, what: str, policy: PolicyAt) -> str | None:
    """The parameter `la.<return>.<what>`, or `la.<return>_return.<what>`; None where neither is in force."""
    plain = name.replace("-", "_")
    both = (f"la.{plain}.{what}", f"la.{plain}_return.{what}")
    return next((policy.text(parameter) for parameter in both if policy.is_in_force(parameter)), None)


def _history_of(pupil: PupilId, desk: Desk) -> History | None:
    """The pupil's history; of one who left before this academic year too, since a return may be written after that."""
    gone = next((leaver for leaver in desk.leavers if leaver.id == pupil), None)
    if pupil in desk.histories or gone is None or not desk.histories:
        return desk.histories.get(pupil)
    events = tuple(event for event in desk.events if event.pupil == pupil)
    other = next(iter(desk.histories.values()))
    return replace(other, pupil=gone, messages=(), sign_ins=(), requests=(), events=events, spans=None)


def _entry(
    line: IncludeInReturn, effect: Effect, history: History, due: ReturnDue, cohort: Cohort, desk: Desk
) -> ReturnEntry:
    """What stands of a pupil at the end of what the return is about; until then, what stands now."""
    first, until = AcademicYear.of(due.due).first, min(history.until.day, due.last)
    in_zone = (replace(event, at=event.at.astimezone(desk.now.tzinfo)) for event in history.events)
    events = tuple(event for event in in_zone if event.at.date() <= due.last)
    reached = [event.kind for event in events if event.kind.endswith(OF_A_STAGE)]
    last = None if line.last is None else max(min(line.last, until), line.first or until)
    return ReturnEntry(
        pupil=history.pupil,
        figures=history.counts(first, until, cohort),
        unexplained_left=sum(code == UNEXPLAINED_CODE for _, code in history.codes(first, until)),
        stage=reached[-1].replace("-", " ") if reached else "",
        last_action=_last_action(events),
        cause=_cause(line, history.pupil.left, desk.now),
        because=effect.because,
        facts=line.facts,
        first=line.first,
        last=last,
        codes=history.codes(line.first, last) if line.first and last else (),
        events=events,
        siblings=_siblings(history.pupil.id, desk),
    )


def _cause(line: IncludeInReturn, left: date | None, now: datetime) -> str:
    return f"{line.cause}; left on {left:%d/%m/%Y}" if left and left < now.date() else line.cause


def _siblings(pupil: PupilId, desk: Desk) -> int:
    head = desk.family.get(pupil)
    return 0 if head is None else sum(other == head for other in desk.family.values()) - 1


def _last_action(events: Sequence[Event]) -> Event | None:
    steps = [event for event in events if not event.kind.startswith(OF_THE_DAY) and event.kind not in KNOWN]
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
