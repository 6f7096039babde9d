"""Builds the world that a pass judges by out of the store, as it is known now or was known at a moment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from mbls_sync.engine.apply import Rules
from mbls_sync.engine.inherited import already_called_for, eve_of
from mbls_sync.engine.world import World
from mbls_sync.figures.notices import COUNTED_FOR_YEARS
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.happenings import AmendedMark, Event, LeaveRequest, Message, SignIn
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Session
from mbls_sync.pipeline.parts import PassInputs
from mbls_sync.store import inputs as stored
from mbls_sync.store import meta, people, registers
from mbls_sync.store.transaction import Tx

PULLED_AT = "marks.pulled_at"
JUDGED_AT = "judged_at"


@dataclass(frozen=True)
class Known:
    """What the store knows, or knew at a moment, beside the registers."""

    roll: tuple[Pupil, ...]
    messages: tuple[Message, ...]
    sign_ins: tuple[SignIn, ...]
    requests: tuple[LeaveRequest, ...]
    events: tuple[Event, ...]
    details: Mapping[tuple[PupilId, Session], MarkDetail]
    pulled_at: datetime | None


def build_world(tx: Tx, given: PassInputs, now: datetime, *, at: datetime | None = None) -> World:
    """The world at `now`, out of what is known (`at` None) or was known by `at`."""
    year, since = AcademicYear.of(now.date()), looks_back_to(now)
    pages = {y: registers.load(tx, y, at) for y in judged_years(now)}
    known = Known(
        roll=stored.roll(tx, at),
        messages=stored.messages(tx, at, since=since),
        sign_ins=stored.sign_ins(tx, at, since=since),
        requests=stored.requests(tx, at, since=since),
        events=stored.events(tx, at, since=since, always=COUNTED_FOR_YEARS),
        details=details_of(tx, pages),
        pulled_at=pulled_at(tx),
    )
    return world_of(given, now, pages, known, {} if at else _amended(tx, pages[year], now))


def judged_years(now: datetime) -> tuple[AcademicYear, AcademicYear]:
    """The academic year of `now` and the one before: rolling windows reach back so far.

    Ten years of history must not make a pass slower.
    """
    year = AcademicYear.of(now.date())
    return AcademicYear(year.start - 1), year


def looks_back_to(now: datetime) -> datetime:
    """The first moment of the years that are judged at `now`."""
    before = judged_years(now)[0]
    return datetime(before.start, before.first.month, 1, tzinfo=now.tzinfo)


def world_of(
    given: PassInputs,
    now: datetime,
    pages: Mapping[AcademicYear, RegisterPages],
    known: Known,
    amended: Mapping[PupilId, tuple[AmendedMark, ...]] | None = None,
) -> World:
    """The world at `now`: nothing that is known happened later than that."""
    return World(
        school=given.school,
        now=now,
        calendar=given.calendar,
        parameters=given.parameters,
        codebook=given.codebook,
        registers=pages,
        roll=known.roll,
        messages=tuple(m for m in known.messages if m.received_at <= now),
        sign_ins=tuple(s for s in known.sign_ins if (s.day, s.time) <= (now.date(), now.time())),
        requests=tuple(r for r in known.requests if r.received_at <= now),
        events=tuple(e for e in known.events if e.at <= now),
        details=known.details,
        go_live=given.go_live,
        pulled_at=known.pulled_at,
        amended=amended or {},
    )


def inherited_keys(tx: Tx, given: PassInputs, rules: Rules, now: datetime) -> tuple[frozenset[str], str | None]:
    """The keys that were called for at go-live, and what to remember of them where that is new.

    Worked out once a rule: a rule that is enabled later must not fire its backlog either.
    """
    if given.go_live is None or now.date() < given.go_live:
        return frozenset(), None
    known = json.loads(meta.get(tx, _memory(given)) or '{"rules": [], "keys": []}')
    ids = {rule.info.id for hook in _HOOKS for rule in rules(hook)}
    fresh = ids - set(known["rules"])
    if not fresh:
        return frozenset(known["keys"]), None
    eve = eve_of(given.go_live, given.calendar.zone)
    world = build_world(tx, given, eve, at=eve)
    names = people.pseudonyms(tx)
    only_fresh: Rules = lambda hook: [rule for rule in rules(hook) if rule.info.id in fresh]  # noqa: E731 - one use
    keys = set(known["keys"]) | already_called_for(world, only_fresh, lambda pupil: names.get(pupil, "a pupil"))
    return frozenset(keys), json.dumps({"rules": sorted(ids | set(known["rules"])), "keys": sorted(keys)})


def remember_inherited(tx: Tx, given: PassInputs, memory: str | None) -> None:
    """Keep what `inherited_keys` found, in the transaction that opens the effects."""
    if memory is not None:
        meta.put(tx, _memory(given), memory)


# A reminder looks at the day of going live itself: its clock is the calendar's, and nothing of it is inherited.
_HOOKS = ("judge_register", "judge_session", "judge_pupil", "judge_request", "judge_school")


def _memory(given: PassInputs) -> str:
    return f"inherited.{given.go_live}"


def pulled_at(tx: Tx) -> datetime | None:
    """When marks were last read from the MIS with success."""
    return _moment(meta.get(tx, PULLED_AT))


def details_of(tx: Tx, pages: Mapping[AcademicYear, RegisterPages]) -> Mapping[tuple[PupilId, Session], MarkDetail]:
    """What the MIS says beside the codes of these years."""
    return {
        (pupil, held.grid.session(slot)): detail
        for year, held in pages.items()
        for (pupil, slot), detail in registers.details(tx, year).items()
    }


def _amended(tx: Tx, now_held: RegisterPages, now: datetime) -> Mapping[PupilId, tuple[AmendedMark, ...]]:
    """The marks of this year that differ from those the last finished pass judged by.

    First marks of a session are no amendments, so only what had a mark counts.
    """
    last = _moment(meta.get(tx, JUDGED_AT))
    if last is None:
        return {}
    before = registers.load(tx, now_held.year, last.astimezone(now.tzinfo))
    found: dict[PupilId, tuple[AmendedMark, ...]] = {}
    for pupil, page in now_held.pages.items():
        was = before.pages.get(pupil)
        if was is not None and was != page:
            found[pupil] = _differences(pupil, before, was, page, now)
    return found


def _differences(
    pupil: PupilId, pages: RegisterPages, was: bytes, page: bytes, now: datetime
) -> tuple[AmendedMark, ...]:
    old, new = np.frombuffer(was, np.uint8), np.frombuffer(page, np.uint8)
    slots = np.flatnonzero((old != new) & (old != 0))
    code = pages.encoding.code
    return tuple(
        AmendedMark(pupil, pages.grid.session(int(s)), code(int(old[s])), code(int(new[s])), now) for s in slots
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
