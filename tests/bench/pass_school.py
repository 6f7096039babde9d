"""The demo's school with one year of history, and the same school with ten, for what times a whole pass."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mbls_sync.cli.demo import ByCommand
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.demo.exports import write_marks
from mbls_sync.demo.run import run
from mbls_sync.demo.school import DAY
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.deliveries import Effect, State
from mbls_sync.model.happenings import Direction, Event, Message, SignIn
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import EMPTY_PAGE, SLOTS, RegisterPages
from mbls_sync.model.sessions import Period, Session
from mbls_sync.store import inputs, outbox, registers
from mbls_sync.store.database import Store
from mbls_sync.store.registers import PageChange
from mbls_sync.store.transaction import Tx

LAST = AcademicYear(2025)
"""The year before the demo's: the oldest that the demo itself knows."""
EARLIER_YEARS = 8
CLOSED_EFFECTS, MESSAGES, SIGN_INS, EVENTS = 2000, 1500, 1000, 400
"""How much each earlier year has left behind, beside its register."""
LEAVERS_A_YEAR, SLOTS_A_WEEK = 57, 10
AT, ZONE = time(9, 16), ZoneInfo("Europe/London")
WEEKDAYS = [LAST.first + timedelta(days=n) for n in range(45, 300) if n % 7 < 5]


def make_demo(folder: Path) -> None:
    """The demo's school after its morning: this year and the one before."""
    run(folder, 1, ByCommand(), lambda _: None)


def make_more_years(demo: Path, folder: Path) -> None:
    """The same school with eight more years in its store, put there through the store's own functions."""
    shutil.copytree(demo, folder)
    office = office_at(folder)
    with office.store() as store:
        with store.read() as tx:
            pages, roll, known = registers.load(tx, LAST), inputs.roll(tx), outbox.load(tx)
        for back in range(EARLIER_YEARS, 0, -1):
            with store.begin() as tx:
                who = _people(tx, roll, back)
                _register(tx, pages, who, back)
                _happenings(tx, who, back)
                _closed_effects(tx, known, back)


def office_at(folder: Path) -> Office:
    """The school's office at 9.16 of the demo's day."""
    return open_office(folder, clock=lambda: datetime.combine(DAY, AT, tzinfo=ZONE))


def drop_todays_marks(office: Office, store: Store, code: str) -> None:
    """Let today's register arrive once more, with `code` as the mark of one pupil who was there."""
    today = Session(DAY, Period.AM)
    with store.read() as tx:
        pages = registers.load(tx, AcademicYear.of(DAY))
    marks = {pupil: {today: held} for pupil in pages.pages if (held := pages.code(pupil, today))}
    marks[min(pupil for pupil, held in marks.items() if held[today] in ("/", "L"))] = {today: code}
    file = office.settings.folder / "inbox" / "marks.csv"
    write_marks(file, marks)
    os.utime(file, (1_700_000_000, 1_700_000_000))


def _people(tx: Tx, roll: Sequence[Pupil], back: int) -> list[PupilId]:
    """Who was here then: those of today who had begun, and those who have left since."""
    gone = [PupilId(f"L{number:012d}") for number in range(LEAVERS_A_YEAR * back, 0, -1)]
    left = _day(back, date(LAST.start + 1, 7, 20))
    fresh = [Pupil(id=id, surname="Leaver-Example", left=left) for id in gone[:LEAVERS_A_YEAR]]
    inputs.append(tx, fresh, _moment(left), "made up")
    return [*gone, *(pupil.id for pupil in roll)][: len(roll)]


def _register(tx: Tx, pages: RegisterPages, who: Sequence[PupilId], back: int) -> None:
    """Last year's pages as those of an earlier year, pulled week by week, so that the ledger grows as it would."""
    year, lines = AcademicYear(LAST.start - back), list(pages.pages.values())
    before = dict.fromkeys(who, EMPTY_PAGE)
    for end in range(SLOTS_A_WEEK, SLOTS + 1, SLOTS_A_WEEK):
        after = {id: line[:end].ljust(SLOTS, b"\0") for id, line in zip(who, lines, strict=False)}
        changes = [PageChange(id, year, before[id], page) for id, page in after.items() if page != before[id]]
        registers.apply(tx, changes, _moment(year.first + timedelta(days=7 * end // SLOTS_A_WEEK)), "made up")
        before |= after


def _happenings(tx: Tx, who: Sequence[PupilId], back: int) -> None:
    days = [_day(back, day) for day in WEEKDAYS]

    def spread(count: int) -> Iterator[tuple[PupilId, date]]:
        return ((who[n % len(who)], days[n % len(days)]) for n in range(count))

    seen = _moment(days[-1])
    told = [Message(pupil, _moment(day), f"parent {n}", "unwell") for n, (pupil, day) in enumerate(spread(MESSAGES))]
    came = [SignIn(pupil, day, AT, Direction.IN) for pupil, day in spread(SIGN_INS)]
    steps = [
        Event(_moment(day), "support-letter-sent", pupil, note=str(n)) for n, (pupil, day) in enumerate(spread(EVENTS))
    ]
    for items in (told, came, steps):
        inputs.append(tx, items, seen, "made up")


def _closed_effects(tx: Tx, known: Sequence[Effect], back: int) -> None:
    for number in range(CLOSED_EFFECTS):
        effect = known[number % len(known)]
        then = effect.opened_at - timedelta(weeks=52 * back)
        key = f"{back}-{number}-{effect.key}"
        outbox.put(tx, replace(effect, key=key, state=State.VERIFIED, opened_at=then, changed_at=then), "made up")


def _day(back: int, day: date) -> date:
    return day - timedelta(weeks=52 * back)


def _moment(day: date) -> datetime:
    return datetime.combine(day, AT, tzinfo=ZONE)
