"""Makes passes on the school's timetable until told to stop: one writer a school, patient with an MIS that is away.

What is due comes from the timetable and what was served from the store, so that a restart, a clock put back or
a machine that slept make no pass happen twice and none be forgotten.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Protocol

from mbls_sync import health
from mbls_sync.clock import Clock
from mbls_sync.errors import LeaseLost, MblsError, StoreError
from mbls_sync.logs import logger
from mbls_sync.store import leases, schedule
from mbls_sync.store.database import Store
from mbls_sync.store.schedule import LONGEST_BACK_OFF, back_off
from mbls_sync.timetable import Slot, Timetable

TICK = timedelta(seconds=20)
LEASE = timedelta(seconds=120)
GRACE = 8.0
"""Seconds that a pass in hand gets after a signal; ten are promised to whoever stops us."""

PASS, MAIL, STORE = "pass", "mail", "store"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pass did: whether every source answered, and counts."""

    reached: bool
    counts: Mapping[str, int] = field(default_factory=dict)


class MakesPass(Protocol):
    """One pass. A source that is away is left alone in it, and what is known is judged again, since deadlines go on."""

    def __call__(self, *, fence: int) -> Outcome:
        """Make it. Raises MblsError where it cannot be made."""
        ...


Mail = Callable[[datetime], None]
"""Mails the list. Raises OSError (of which SMTPException is one) where it cannot be sent."""


@dataclass
class Daemon:
    """One school's daemon. `wait` waits that many seconds, and says whether it is time to stop."""

    store: Store
    timetable: Timetable
    make_pass: MakesPass
    clock: Clock
    wait: Callable[[float], bool]
    sign: Path
    holder: str
    mail: Mail | None = None
    _fence: int = 0
    _outages: dict[str, datetime] = field(default_factory=dict)

    def run(self) -> None:
        """Work until told to stop. Raises LeaseLost where another process has become the writer."""
        try:
            if not self._become_writer():
                return
            logger().info("daemon.started", holder=self.holder, fence=self._fence)
            while not self.wait(self._look()):
                pass
        finally:
            self._leave()
        logger().info("daemon.stopped", holder=self.holder)

    def _look(self) -> float:
        """One tick. A database that is away or a disk that is full is an outage: it heals without a restart."""
        try:
            wait = self.tick()
        except LeaseLost:
            raise
        except (StoreError, OSError) as error:
            self._note_outage(STORE, False, self.clock(), error)
            return TICK.total_seconds()
        self._note_outage(STORE, True, self.clock())
        return wait

    def tick(self) -> float:
        """Do what is due now; returns how many seconds may pass before the next look."""
        now = self.clock()
        with self.store.begin() as tx:
            leases.renew(tx, self._fence, now, LEASE)
            jobs = schedule.load(tx)
        served = jobs.get(PASS, schedule.Job(PASS))
        health.seen(self.sign, now, self.timetable)
        if slot := self.timetable.slot_to_serve(now, served.last_due):
            self._serve(slot, served, now)
        if self.mail is not None and self.timetable.list_is_due(now):
            self._send(self.mail, jobs.get(MAIL, schedule.Job(MAIL)), now)
        following = self.timetable.next_slot(self.clock())
        left = (following.at - self.clock()) if following else TICK
        return max(min(left, TICK).total_seconds(), 0.0)

    def _become_writer(self) -> bool:
        """Take the lease, waiting for it where somebody else holds it. False where it is time to stop first."""
        waiting = False
        while True:
            with self.store.begin() as tx:
                fence = leases.acquire(tx, self.holder, self.clock(), LEASE)
            if fence is not None:
                self._fence = fence
                return True
            if not waiting:
                logger().warning("lease.awaited", holder=self.holder)
            waiting = True
            if self.wait(TICK.total_seconds()):
                return False

    def _serve(self, slot: Slot, served: schedule.Job, now: datetime) -> None:
        reached, failed = False, 0
        try:
            outcome = self.make_pass(fence=self._fence)
            reached = outcome.reached
            logger().info("pass.finished", due=slot.key, counts=dict(outcome.counts))
        except MblsError as error:
            failed = served.failures + 1
            # The first failure is said aloud; the same one every minute would hide what follows.
            say = logger().error if failed == 1 else logger().debug
            say("pass.failed", due=slot.key, attempt=failed, error=error)
        self._record(slot, replace(served, failures=failed), now)
        if reached:
            health.pulled(self.sign, now, self.timetable)

    def _record(self, slot: Slot, served: schedule.Job, now: datetime) -> None:
        following = self.timetable.next_slot(now)
        with self.store.begin() as tx:
            leases.check(tx, self._fence)
            schedule.record(tx, replace(served, next_due=following.at if following else None, last_due=slot.key))

    def _send(self, mail: Mail, sent: schedule.Job, now: datetime) -> None:
        today = now.astimezone(self.timetable.calendar.zone).date().isoformat()
        if sent.last_due == today or (sent.next_due is not None and now < sent.next_due <= now + LONGEST_BACK_OFF):
            return
        try:
            mail(now)
        except OSError as error:
            self._note_outage(MAIL, False, now, error)
            logger().debug("mail.failed", error=error)
            job = replace(sent, next_due=now + back_off(sent.failures + 1), failures=sent.failures + 1)
        else:
            self._note_outage(MAIL, True, now)
            logger().info("mail.sent", due=today)
            job = replace(sent, next_due=None, last_due=today, failures=0)
        with self.store.begin() as tx:
            leases.check(tx, self._fence)
            schedule.record(tx, job)

    def _note_outage(self, what: str, reached: bool, now: datetime, error: Exception | None = None) -> None:
        """Say that an outage begins and that it ends, each once; not every minute."""
        since = self._outages.get(what)
        if not reached and since is None:
            self._outages[what] = now
            why = {} if error is None else {"error": error}
            logger().warning("outage.began", kind=what, **why)
        elif reached and since is not None:
            del self._outages[what]
            logger().info("outage.ended", kind=what, outage_since=since.isoformat())

    def _leave(self) -> None:
        # Where the store is away, the lease runs out by itself.
        with suppress(StoreError):
            if self._fence:
                with self.store.begin() as tx:
                    leases.release(tx, self._fence)


@contextmanager
def stopping() -> Iterator[Callable[[float], bool]]:
    """A wait that SIGTERM and SIGINT end.

    The first finishes the pass in hand; a second, or the end of the grace, cuts it short. That is safe: a pass that
    dies at any step is made up by the next.
    """
    stop = threading.Event()

    def cut_short() -> None:
        logger().warning("daemon.cut_short", seconds=GRACE)
        os._exit(0)

    def heard(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()
        timer = threading.Timer(GRACE, cut_short)
        timer.daemon = True
        timer.start()

    before = {number: signal.signal(number, heard) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop.wait
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
