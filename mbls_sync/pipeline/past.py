"""The world as it was known at one past moment after another, for what looks back over weeks and years."""

from __future__ import annotations

from datetime import datetime

from mbls_sync.contracts import ContactsOf, FlagsOf, PatternsOf, Resource
from mbls_sync.engine.world import World
from mbls_sync.figures.notices import COUNTED_FOR_YEARS
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.happenings import Event, LeaveRequest, Message, SignIn
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.pipeline.parts import PassInputs
from mbls_sync.pipeline.world import Known, details_of, judged_years, looks_back_to, pulled_at, world_of
from mbls_sync.store import inputs, registers
from mbls_sync.store.transaction import Tx


class Past:
    """All that the store held between two moments, read once, to be asked for as known at each of many.

    Moments are aware, in the school's zone, and asked for in order. What a world holds is `build_world`'s with `at`.
    """

    def __init__(self, tx: Tx, given: PassInputs, first: datetime, last: datetime) -> None:
        """Read what was known from `first` to `last`."""
        since = looks_back_to(first)
        starts = range(judged_years(first)[0].start, AcademicYear.of(last.date()).start + 1)
        self._given = given
        self._encoding = registers.encoding(tx)
        self._pages = {year: registers.past(tx, year, first) for year in map(AcademicYear, starts)}
        self._pupils = inputs.versions(tx, Resource.PUPILS, Pupil)
        self._contacts = inputs.versions(tx, Resource.CONTACTS, ContactsOf)
        self._flags = inputs.versions(tx, Resource.FLAGS, FlagsOf)
        self._patterns = inputs.versions(tx, Resource.PATTERNS, PatternsOf)
        self._messages = inputs.versions(tx, Resource.MESSAGES, Message, since)
        self._sign_ins = inputs.versions(tx, Resource.SIGN_INS, SignIn, since)
        self._requests = inputs.versions(tx, Resource.LEAVE_REQUESTS, LeaveRequest, since)
        self._events = inputs.versions(tx, Resource.EVENTS, Event, since, COUNTED_FOR_YEARS)
        held = {year: registers.load(tx, year) for year in self._pages}
        self._details = details_of(tx, held)
        self._pulled_at = pulled_at(tx)

    def world(self, now: datetime, steps: tuple[Event, ...] = ()) -> World:
        """The world at `now` as it was known then, with further `steps` that are taken to have been recorded."""
        since = looks_back_to(now)
        pages = {
            year: RegisterPages(year, self._encoding, dict(sorted(self._pages[year].at(now).items())))
            for year in judged_years(now)
        }
        known = Known(
            roll=inputs.everybody(
                self._pupils.at(now), self._contacts.at(now), self._flags.at(now), self._patterns.at(now)
            ),
            messages=tuple(m for m in self._messages.at(now) if m.received_at >= since),
            sign_ins=tuple(s for s in self._sign_ins.at(now) if s.day >= since.date()),
            requests=tuple(r for r in self._requests.at(now) if r.received_at >= since),
            events=tuple(
                sorted((*(e for e in self._events.at(now) if _counts(e, since)), *steps), key=lambda event: event.at)
            ),
            details=self._details,
            pulled_at=self._pulled_at,
        )
        return world_of(self._given, now, pages, known)


def _counts(event: Event, since: datetime) -> bool:
    return event.at >= since or event.kind in COUNTED_FOR_YEARS
