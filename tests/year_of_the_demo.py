"""The demo's school over a whole year, day by day through the real adapter, and what its people were asked to do.

    python tests/year_of_the_demo.py FOLDER [DAYS]

Each school day of 2025-26: the morning's registers come with N for whoever is away, messages from home come with
them, a pass at 9.16 and one at 16.00 are made, and an office does what it is asked: it rings, keys what it hears,
sends what falls due, holds the meetings it invited to. Prints how many of each sort there were, month by month, and
ten of each in words, to be read as the officer would. The folder is left to be looked into with the commands.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from mbls_sync.cli.demo import ByCommand, _at, _clear
from mbls_sync.demo.absence import Marks
from mbls_sync.demo.exports import write_marks, write_messages, write_people, write_sign_ins
from mbls_sync.demo.run import ByExport, office_steps, settings_of
from mbls_sync.demo.school import DAY, SyntheticSchool, synthetic_school
from mbls_sync.engine.replayed import Sort, sort_of
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.deliveries import Effect, Kind
from mbls_sync.model.happenings import Direction, Event, Message, SignIn
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import DraftLetter, IncludeInReturn, OpenReferral, RaiseTask
from mbls_sync.model.sessions import Period, Session
from mbls_sync.store import inputs, outbox

YEAR = AcademicYear(2025)
RANG, REACHED, REACHED_LATER, HELD_AFTER = 0.66, 0.85, 0.6, timedelta(days=8)
REASONS = {"I": "ill, not well", "M": "dentist appointment", "C": "family funeral", "R": "religious festival"}
SAID = {"I": "spoke: ill", "M": "spoke: appointment"}
HERE = "/\\LX"


@dataclass
class Office:
    """The people of the office: what they know of each absence, and what they still have to do."""

    school: SyntheticSchool
    truth: Mapping[PupilId, Marks]
    random: Random
    unexplained: set[tuple[PupilId, date]] = field(default_factory=set)
    meetings: list[tuple[date, str, PupilId]] = field(default_factory=list)

    def mark(self, pupil: PupilId, session: Session) -> str:
        """What the MIS holds: the truth where it is known, N where nobody knows."""
        code = self.truth[pupil].get(session, "")
        return "N" if code and code not in HERE + "U" and (pupil, session.day) in self.unexplained else code

    def morning(self, day: date) -> tuple[dict[PupilId, Marks], list[Message], list[SignIn]]:
        """The register as the teachers took it, and who rang or came late."""
        session, marks, messages, late = Session(day, Period.AM), {}, [], []
        for household in self.school.households:
            rang = self.random.random() < RANG
            for pupil in household.pupils:
                code = self.truth.get(pupil.id, {}).get(session, "")
                if not code:
                    continue
                marks[pupil.id] = {session: code if code in "/X" else "N"}
                if code in "LU":
                    at = time(8, self.random.randint(48, 59)) if code == "L" else time(9, self.random.randint(17, 45))
                    late.append(SignIn(pupil.id, day, at, Direction.IN))
                elif code not in HERE:
                    self.unexplained.add((pupil.id, day))
                    if rang and code not in "O":
                        messages.append(self._message(pupil.id, day, code))
                        self.unexplained.discard((pupil.id, day))
        return marks, messages, late

    def afternoon(self, day: date) -> dict[PupilId, Marks]:
        """Both registers of the day as they stand when school is over, and what was found out of earlier days."""
        days = [day, *{earlier for _, earlier in self.found}]
        self.found.clear()
        sessions = [Session(on, period) for on in sorted(set(days)) for period in Period]
        return {p: {s: self.mark(p, s) for s in sessions if self.truth[p].get(s)} for p in self.truth}

    found: set[tuple[PupilId, date]] = field(default_factory=set)

    def work(self, effects: Iterable[Effect], now: datetime) -> Iterator[Event]:
        """Do what is open: ring at once, and the rest on the day on which it is due."""
        for effect in effects:
            match effect.proposal:
                case RaiseTask() as task:
                    yield from self._task(effect, task, now)
                case DraftLetter() as letter if letter.due.date() <= now.date():
                    yield self._step(effect, letter.sent_as, now, letter.role)
                    if letter.sent_as.endswith("-invited") and effect.pupil:
                        held = letter.sent_as.replace("-invited", "-held")
                        self.meetings.append((now.date() + HELD_AFTER, held, effect.pupil))
                case OpenReferral() as referral:
                    yield self._step(effect, referral.done_as or "task-done", now, referral.role)
                case IncludeInReturn() as line if line.due < now.date():
                    yield Event(now, "return-sent", None, by="O. Example", ref=f"{line.name} {line.period}")
        for meeting in [m for m in self.meetings if m[0] <= now.date()]:
            self.meetings.remove(meeting)
            yield Event(now, meeting[1], meeting[2], "targets agreed", "O. Example", "attendance officer")

    def _task(self, effect: Effect, task: RaiseTask, now: datetime) -> Iterator[Event]:
        pupil = effect.pupil
        if task.outcomes and pupil is not None:
            day = task.session.day if task.session else now.date()
            first = day == now.date()
            reached = self.random.random() < (REACHED if first else REACHED_LATER)
            code = next((c for p in Period if (c := self.truth[pupil].get(Session(day, p), "")) not in HERE), "")
            outcome = SAID.get(code, "spoke") if reached else "no answer"
            if reached:
                for late in [key for key in self.unexplained if key[0] == pupil]:
                    self.unexplained.discard(late)
                    self.found.add(late)
            yield self._step(effect, task.done_as or "task-done", now, task.role, outcome)
        elif task.due.date() <= now.date():
            yield self._step(effect, task.done_as or "task-done", now, task.role)

    def _step(self, effect: Effect, kind: str, now: datetime, role: str, outcome: str = "done") -> Event:
        return Event(now, kind, effect.pupil, outcome, "O. Example", role, ref=effect.key)

    def _message(self, pupil: PupilId, day: date, code: str) -> Message:
        at = datetime.combine(day, time(8, self.random.randint(0, 40)), tzinfo=self.school.calendar.zone)
        back = day + timedelta(days=1) if code == "I" and self.random.random() < 0.4 else None
        return Message(pupil, at, "parent", REASONS.get(code, "away on holiday"), back)


def run_year(folder: Path, days: int | None = None, seed: int = 1) -> list[Effect]:
    """Play the year in `folder`; every effect there ever was."""
    _clear(folder)
    hands = ByCommand()
    calendar, parameters = hands.init(folder, settings_of(ByExport()))
    school = synthetic_school(seed, calendar, office_steps(parameters, DAY))
    truth = {pupil: line for pupil, line in school.history[YEAR].items() if line}
    office, inbox = Office(school, truth, Random(seed)), folder / "inbox"
    write_people(inbox, school.households)
    span = [day for day in calendar.school_days if YEAR.first <= day <= YEAR.last][:days]
    for number, day in enumerate(span):
        marks, messages, late = office.morning(day)
        write_marks(inbox / "marks-am.csv", marks)
        write_messages(inbox, messages)
        write_sign_ins(inbox, late)
        close, end = (datetime.combine(day, at, tzinfo=calendar.zone) for at in (time(9, 16), time(16, 0)))
        hands.once(folder, close)
        record(folder, close + timedelta(minutes=20), office)
        write_marks(inbox / "marks-pm.csv", office.afternoon(day))
        hands.once(folder, end)
        record(folder, end + timedelta(minutes=5), office)
        if number % 19 == 18:
            print(f"  {day}: {len(effects_of(folder))} effects so far", file=sys.stderr, flush=True)
    return effects_of(folder)


def record(folder: Path, now: datetime, office: Office) -> None:
    """Write down what the office did, as `tasks done` and `events record` would."""
    with _at(folder, now).store() as store:
        with store.read() as tx:
            waiting = [e for e in outbox.load(tx, only_open=True) if e.kind is not Kind.MARK]
        steps = list({(step.kind, step.ref, step.pupil): step for step in office.work(waiting, now)}.values())
        with store.begin() as tx:
            inputs.append(tx, steps, now, "office")


def effects_of(folder: Path) -> list[Effect]:
    """The whole outbox."""
    with _at(folder, datetime.now().astimezone()).store() as store, store.read() as tx:
        return list(outbox.load(tx))


def tell(effects: Sequence[Effect]) -> None:
    """Print the year."""
    by_month: dict[str, Counter[Sort]] = defaultdict(Counter)
    shown: dict[tuple[Sort, str], list[Effect]] = defaultdict(list)
    for effect in effects:
        sort = sort_of(effect.proposal)
        if sort is not None:
            by_month[f"{effect.opened_at:%Y-%m}"][sort] += 1
            shown[sort, effect.because.rule].append(effect)
    print("month    " + "".join(f"{sort.value:>12}" for sort in Sort))
    for month, counts in sorted(by_month.items()):
        print(f"{month:9}" + "".join(f"{counts[sort]:12}" for sort in Sort))
    print("all      " + "".join(f"{sum(c[sort] for c in by_month.values()):12}" for sort in Sort))
    for (sort, rule), found in sorted(shown.items()):
        print(f"\n{sort.value} {rule}: {len(found)}")
        for effect in found[:: max(len(found) // 10, 1)][:10]:
            wanted = effect.proposal
            says = getattr(wanted, "title", "") or getattr(wanted, "cause", "") or getattr(wanted, "reason", "")
            why = getattr(wanted, "why", "")
            print(f"  {effect.opened_at:%d %b %H:%M}  {says}  | {why}  [{effect.state}: {effect.reason}]")


if __name__ == "__main__":
    tell(run_year(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None))
