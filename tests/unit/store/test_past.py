"""A year seen day after day, each a step from the day before, is what looking back to each of them alone gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.store import registers
from mbls_sync.store.database import Store, open_store

YEAR = AcademicYear(2026)
START = datetime(2026, 9, 7, tzinfo=UTC)
PUPILS = ("A000000000001", "B000000000002")
SESSIONS = tuple(f"2026-09-{day:02d} {half}" for day in range(7, 12) for half in ("AM", "PM"))

seen = st.tuples(
    st.integers(0, 24 * 6), st.sampled_from(PUPILS), st.sampled_from(SESSIONS), st.sampled_from(["/", "N", "I", ""])
)


def walked(store: Store, moments: list[datetime]) -> list[dict[str, bytes]]:
    with store.read() as tx:
        past = registers.past(tx, YEAR, moments[0])
        return [dict(past.at(moment)) for moment in moments]


def asked_alone(store: Store, moments: list[datetime]) -> list[dict[str, bytes]]:
    with store.read() as tx:
        return [dict(registers.load(tx, YEAR, moment).pages) for moment in moments]


MOMENTS = [START - timedelta(days=1) + timedelta(hours=7 * step) for step in range(26)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(seen, max_size=14), st.booleans())
def test_step_by_step_is_what_each_moment_alone_gives(
    make_desk: Callable[[Store], Any], pulls: list[tuple[int, str, str, str]], clock_runs_straight: bool
) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'x.sqlite3'}", "school")
        desk = make_desk(store)
        for hour, pupil, session, code in sorted(pulls) if clock_runs_straight else pulls:
            desk.see(pupil, {session: code}, START + timedelta(hours=hour))
        assert walked(store, MOMENTS) == asked_alone(store, MOMENTS)
        store.close()


def test_it_is_so_on_every_database(make_desk: Callable[[Store], Any], store: Store) -> None:
    desk = make_desk(store)
    desk.see(PUPILS[0], {SESSIONS[0]: "/", SESSIONS[1]: "N"}, START + timedelta(hours=9))
    desk.see(PUPILS[0], {SESSIONS[1]: "I"}, START + timedelta(hours=34))
    desk.see(PUPILS[1], {SESSIONS[4]: "U"}, START + timedelta(hours=60))
    steps = walked(store, MOMENTS)
    assert steps == asked_alone(store, MOMENTS)
    assert len({tuple(sorted(pages.items())) for pages in steps}) > 3
