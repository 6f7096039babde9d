"""The daemon: each due time once, one writer, patience with an MIS that is away, and an end when told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mbls_sync import daemon as loop
from mbls_sync import health, logs
from mbls_sync.daemon import Daemon, Outcome
from mbls_sync.errors import LeaseLost, StoreError
from mbls_sync.policy.calendars import load_calendar
from mbls_sync.policy.load import load_parameters
from mbls_sync.policy.places import calendar_folder, parameter_folder, shipped_config
from mbls_sync.policy.view import PolicyAt
from mbls_sync.store import leases, schedule
from mbls_sync.store.database import Store, open_store
from mbls_sync.store.schedule import LONGEST_BACK_OFF, back_off
from mbls_sync.timetable import Timetable

LONDON = ZoneInfo("Europe/London")
PARAMETERS = load_parameters(parameter_folder(shipped_config()))
CALENDAR = load_calendar(calendar_folder(shipped_config()), LONDON)
TIMETABLE = Timetable(CALENDAR, lambda day: PolicyAt(PARAMETERS, day))


def at(clock: str, day: date = date(2026, 11, 24)) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T{clock}").replace(tzinfo=LONDON).astimezone(UTC)


@dataclass
class World:
    """A clock that moves only when somebody waits, and an MIS that can be away."""

    now: datetime
    until: datetime
    reached: Callable[[datetime], bool] = lambda _: True
    fails: Callable[[datetime], Exception | None] = lambda _: None
    passes: list[datetime] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += timedelta(seconds=max(seconds, 1))
        return self.now >= self.until

    def make_pass(self, *, fence: int) -> Outcome:
        self.passes.append(self.now)
        if (error := self.fails(self.now)) is not None:
            raise error
        return Outcome(reached=self.reached(self.now), counts={"marks": 1})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'school.sqlite3'}", "example")
    yield opened
    opened.close()


@pytest.fixture
def log() -> Iterator[Callable[[], list[str]]]:
    stream = io.StringIO()
    logs.configure("json", "info", stream)
    yield lambda: [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    logs.configure("json")


def daemon(world: World, store: Store, folder: Path, **more: object) -> Daemon:
    given = {"holder": "machine-a", "sign": folder / health.FILE} | more
    return Daemon(
        store=store,
        timetable=TIMETABLE,
        make_pass=world.make_pass,
        clock=world.clock,
        wait=world.wait,
        **given,  # type: ignore[arg-type]  # a test's own keywords
    )


@pytest.fixture
def few_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look every ten minutes, beside those at the due times: hours go by in a moment."""
    monkeypatch.setattr(loop, "TICK", timedelta(minutes=10))


def test_over_a_day_each_due_time_is_served_once_and_at_its_minute(store, tmp_path, log, few_looks):
    world = World(at("06:00"), at("19:00"))
    daemon(world, store, tmp_path).run()
    served = [f"{moment.astimezone(LONDON):%H:%M}" for moment in world.passes]
    assert served == [slot.key[11:] for slot in TIMETABLE.slots(date(2026, 11, 24))]
    assert log()[0] == "daemon.started"
    assert log()[-1] == "daemon.stopped"


def test_on_the_weekend_nothing_happens(store, tmp_path, log, few_looks):
    world = World(at("06:00", date(2026, 11, 28)), at("19:00", date(2026, 11, 29)))
    daemon(world, store, tmp_path).run()
    assert world.passes == []


def test_a_restart_serves_no_due_time_again_and_makes_up_what_was_missed(store, tmp_path, log):
    daemon(World(at("08:40"), at("08:50:30")), store, tmp_path).run()
    again = World(at("08:50:40"), at("08:51:30"))
    daemon(again, store, tmp_path).run()
    assert [f"{moment.astimezone(LONDON):%H:%M}" for moment in again.passes] == ["08:51"]
    late = World(at("11:07"), at("11:10"))
    daemon(late, store, tmp_path).run()
    assert len(late.passes) == 1


def test_a_pass_that_fails_is_said_once_and_does_not_end_the_daemon(store, tmp_path, log):
    world = World(at("08:44"), at("08:50:30"), fails=lambda now: StoreError("locked") if now < at("08:48") else None)
    daemon(world, store, tmp_path).run()
    assert log().count("pass.failed") == 1
    assert log().count("pass.finished") == 3


def test_who_lost_the_lease_stops_and_writes_no_more(store, tmp_path, log):
    world = World(at("08:44"), at("09:00"))

    def robbed(*, fence: int) -> Outcome:
        with store.begin() as tx:
            later = world.now + timedelta(hours=1)
            leases.acquire(tx, "machine-b", later, timedelta(minutes=2))
        return Outcome(reached=True)

    one = daemon(world, store, tmp_path)
    one.make_pass = robbed
    with pytest.raises(LeaseLost):
        one.run()
    with store.read() as tx:
        assert schedule.next_due(tx, "pass").last_due == ""
        assert leases.holder(tx) is not None


def test_a_second_machine_waits_and_takes_over_when_the_lease_has_run_out(store, tmp_path, log):
    with store.begin() as tx:
        leases.acquire(tx, "machine-b", at("08:44"), timedelta(minutes=2))
    world = World(at("08:44"), at("08:50:30"))
    daemon(world, store, tmp_path).run()
    assert log().count("lease.awaited") == 1
    assert world.passes[0] >= at("08:46")


def test_told_to_stop_while_it_waits_for_the_lease_it_stops(store, tmp_path, log):
    with store.begin() as tx:
        leases.acquire(tx, "machine-b", at("08:44"), timedelta(hours=2))
    world = World(at("08:44"), at("08:50"))
    daemon(world, store, tmp_path).run()
    assert world.passes == []


def test_the_list_is_mailed_once_a_day_and_tried_again_where_it_failed(store, tmp_path, log):
    sent: list[datetime] = []

    def mail(now: datetime) -> None:
        if now < at("09:20"):
            raise ConnectionRefusedError
        sent.append(now)

    world = World(at("09:10"), at("11:00"))
    daemon(world, store, tmp_path, mail=mail).run()
    assert len(sent) == 1
    assert (log().count("outage.began"), log().count("mail.sent")) == (1, 1)


def test_the_sign_of_life_follows_the_passes(store, tmp_path, log):
    world = World(at("08:44"), at("09:00"))
    daemon(world, store, tmp_path).run()
    sign = health.read(tmp_path / health.FILE)
    assert sign is not None
    assert health.complaint(sign, at("09:00:30")) == ""
    assert "last seen" in health.complaint(sign, at("09:20"))


def test_marks_that_are_too_old_are_a_complaint_though_the_daemon_lives(store, tmp_path, log):
    world = World(at("08:44"), at("09:40"), reached=lambda now: now < at("08:50"))
    daemon(world, store, tmp_path).run()
    sign = health.read(tmp_path / health.FILE)
    assert "too old" in health.complaint(sign, at("09:40"))


def test_a_sign_that_is_not_there_or_no_json_is_a_complaint(tmp_path):
    assert "no daemon" in health.complaint(health.read(tmp_path / health.FILE), at("09:00"))
    (tmp_path / health.FILE).write_text("{", encoding="utf-8")
    assert "no daemon" in health.complaint(health.read(tmp_path / health.FILE), at("09:00"))


def test_the_back_off_doubles_up_to_its_limit():
    assert [back_off(n) for n in (1, 2, 3)] == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert back_off(5) == back_off(500) == LONGEST_BACK_OFF


def test_a_disk_that_is_full_is_an_outage_that_heals_without_a_restart(store, tmp_path, log):
    full = OSError(28, "No space left on device", "/srv/zzyzx")
    world = World(at("08:44"), at("08:50:30"), fails=lambda now: full if now < at("08:48") else None)
    daemon(world, store, tmp_path).run()
    assert (log().count("outage.began"), log().count("outage.ended")) == (1, 1)
    assert log().count("pass.finished") == 3
    assert log()[-1] == "daemon.stopped"


def test_a_database_that_goes_away_and_comes_back_does_not_end_the_daemon(store, tmp_path, log, monkeypatch):
    world = World(at("08:44"), at("08:50:30"))
    one = daemon(world, store, tmp_path)
    tick = one.tick

    def away() -> float:
        if at("08:45:30") < world.now < at("08:48"):
            raise StoreError("the database refused")
        return tick()

    monkeypatch.setattr(one, "tick", away)
    one.run()
    assert (log().count("outage.began"), log().count("outage.ended")) == (1, 1)
    assert world.passes[-1] >= at("08:50")


@pytest.mark.parametrize(
    "seen", ['{"seen_at": 3}', '{"seen_at": "yesterday"}', '{"seen_at": "2026-11-24T09:00"}', "[]"]
)
def test_a_sign_that_makes_no_sense_is_no_sign(tmp_path, seen):
    (tmp_path / health.FILE).write_text(seen, encoding="utf-8")
    assert health.read(tmp_path / health.FILE) is None


def test_the_log_says_what_the_system_refused_and_of_no_file():
    assert (
        logs.error_text(OSError(28, "Zzyzx", "/srv/zzyzx")) == "OSError (No space left on device) at an unknown place"
    )
    assert "zzyzx" not in logs.error_text(OSError("zzyzx")).lower()
