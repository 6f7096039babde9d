"""What each engine does for `bench_figures.py`: the same three questions, from the layout that suits it best.

Imports stand inside functions: each engine runs in a process of its own, whose memory is measured.
"""

# ruff: noqa: PLC0415 - an engine's process must not hold what another engine imports.
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

SCHOOLS, PUPILS, SESSIONS, WEEKS, GRID = 100, 400, 380, 38, 540
Answer = list[int]
Question = Callable[[], Answer]

HALF_TERMS = (
    (date(2026, 9, 7), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 4), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 4, 2)),
    (date(2027, 4, 19), date(2027, 5, 28)),
    (date(2027, 6, 7), date(2027, 7, 16)),
)
"""Thirty-eight whole school weeks, so that every engine may take ten marks a week for granted."""


def a_calendar() -> Any:
    """A made-up year of 380 sessions."""
    from mbls_sync.model.calendar import AcademicYear, HalfTerm, SchoolCalendar, SchoolYear

    halves = tuple(HalfTerm(first, last, f"term {n // 2}", n % 2 + 1) for n, (first, last) in enumerate(HALF_TERMS))
    return SchoolCalendar((SchoolYear(AcademicYear(2026), halves),))


def an_encoding() -> Any:
    """The bytes of the shipped code set."""
    from mbls_sync.model.registers import Encoding
    from mbls_sync.policy.codebook import load_codes
    from mbls_sync.policy.places import codes_file, shipped_config

    return Encoding().grown(load_codes(codes_file(shipped_config())).pairs())


def make(folder: Path) -> None:
    """Write the same made-up marks as our pages and as their rows."""
    import polars as pl

    from mbls_sync.figures.slots import held
    from mbls_sync.model.calendar import AcademicYear

    encoding, random = an_encoding(), np.random.default_rng(20261123)
    codes = {"/": 0.46, "\\": 0.46, "L": 0.01, "V": 0.005, "I": 0.03, "M": 0.005, "G": 0.005, "O": 0.01, "U": 0.005}
    flags = np.array([byte for code in codes for byte in encoding.bytes_of(code)[:1]], dtype=np.uint8)
    slots = np.flatnonzero(held(a_calendar(), AcademicYear(2026)))
    assert len(slots) == SESSIONS
    marks = random.choice(flags, size=(SCHOOLS * PUPILS, SESSIONS), p=np.array([*codes.values()]) / sum(codes.values()))
    # A tenth of the pupils misses far more than the others, so that every threshold is met by somebody.
    prone = random.choice(flags, size=(SCHOOLS * PUPILS // 10, SESSIONS))
    marks[::10] = np.where(random.random(prone.shape) < 0.3, prone, marks[::10])
    pages = np.zeros((SCHOOLS * PUPILS, GRID), dtype=np.uint8)
    pages[:, slots] = marks
    pages.tofile(folder / "pages.bin")
    columns = {
        "pupil": np.repeat(np.arange(SCHOOLS * PUPILS, dtype=np.uint32), SESSIONS),
        "week": np.tile(np.repeat(np.arange(WEEKS, dtype=np.uint8), 10), SCHOOLS * PUPILS),
        "half_day": np.tile(np.arange(10, dtype=np.uint8), SCHOOLS * PUPILS * WEEKS),
        "flag": marks.ravel(),
    }
    pl.DataFrame(columns).write_parquet(folder / "marks.parquet")


def with_ours(folder: Path) -> list[Question]:
    """Our kernels, one school at a time."""
    from mbls_sync.figures.counts import FLAGS, POSSIBLE_FLAGS, Flags, count_flags, count_slots
    from mbls_sync.figures.measures import Measures
    from mbls_sync.figures.slots import held
    from mbls_sync.figures.windows import rolling
    from mbls_sync.model.calendar import AcademicYear
    from mbls_sync.model.codes import Meaning
    from mbls_sync.model.registers import ATTENDED, POSSIBLE

    attended_flags, absent_flags = Flags(ATTENDED, ATTENDED), Flags(ATTENDED | POSSIBLE, POSSIBLE)
    measures = Measures(Decimal(10), Decimal(50), 10)
    school_days = held(a_calendar(), AcademicYear(2026))

    schools = np.memmap(folder / "pages.bin", dtype=np.uint8, mode="r", shape=(SCHOOLS, PUPILS, GRID)).view(np.ndarray)

    def each_pupil() -> Answer:
        found = np.zeros(3, dtype=np.int64)
        for marks in schools:
            possible, attended = count_flags(marks, POSSIBLE_FLAGS, attended_flags)
            found += possible.sum(), attended.sum(), measures.is_persistent(possible - attended, possible).sum()
        return found.tolist()

    def ten_weeks() -> Answer:
        found = np.zeros(2, dtype=np.int64)
        for marks in schools:
            most = rolling(marks, FLAGS[Meaning.UNAUTHORISED], school_days, 10).max(axis=1)
            found += [int(most.sum()), int((most >= 10).sum())]
        return found.tolist()

    def half_days() -> Answer:
        found = np.zeros((2, GRID), dtype=np.int64)
        for marks in schools:
            found += count_slots(marks, POSSIBLE_FLAGS, absent_flags)
        sums: Answer = found.reshape(2, -1, 10).sum(axis=1).ravel().tolist()
        return sums

    return [each_pupil, ten_weeks, half_days]


def with_polars(folder: Path) -> list[Question]:
    """Polars, lazily from Parquet."""
    import polars as pl

    possible, attended, unauthorised = ((pl.col("flag") & bit) != 0 for bit in (0x40, 0x80, 0x20))

    def rows() -> Any:
        return pl.scan_parquet(folder / "marks.parquet")

    def each_pupil() -> Answer:
        sums = rows().group_by("pupil").agg(possible.sum().alias("p"), attended.sum().alias("a"))
        p, a = pl.col("p"), pl.col("a")
        found = sums.select(p.sum(), a.sum(), (10 * (p - a) >= p).sum().alias("persistent")).collect()
        return [int(value) for value in found.row(0)]

    def ten_weeks() -> Answer:
        weeks = rows().group_by("pupil", "week").agg(unauthorised.sum().cast(pl.Int32).alias("u")).sort("pupil", "week")
        over = weeks.with_columns(pl.col("u").rolling_sum(10, min_samples=1).over("pupil"))
        most = over.group_by("pupil").agg(pl.col("u").max())
        found = most.select(pl.col("u").sum(), (pl.col("u") >= 10).sum().alias("met")).collect()
        return [int(value) for value in found.row(0)]

    def half_days() -> Answer:
        absent = possible & ~attended
        sums = rows().group_by("half_day").agg(possible.sum().alias("p"), absent.sum().alias("m")).sort("half_day")
        found = sums.collect()
        return [*found["p"].to_list(), *found["m"].to_list()]

    return [each_pupil, ten_weeks, half_days]


def _with_duckdb(source: str, connection: Any) -> list[Question]:
    def each_pupil() -> Answer:
        return _first(
            f"""SELECT sum(p), sum(a), count(*) FILTER (10 * (p - a) >= p) FROM (
                SELECT sum((flag >> 6) & 1) AS p, sum(flag >> 7) AS a FROM {source} GROUP BY pupil)"""
        )

    def ten_weeks() -> Answer:
        return _first(
            f"""SELECT sum(u), count(*) FILTER (u >= 10) FROM (SELECT max(u) AS u FROM (
                SELECT pupil, sum(u) OVER (PARTITION BY pupil ORDER BY week ROWS 9 PRECEDING) AS u FROM (
                SELECT pupil, week, sum((flag >> 5) & 1) AS u FROM {source} GROUP BY pupil, week)) GROUP BY pupil)"""
        )

    def half_days() -> Answer:
        rows = connection.execute(
            f"""SELECT sum((flag >> 6) & 1), sum(((flag >> 6) & 1) - (flag >> 7)) FROM {source}
                GROUP BY half_day ORDER BY half_day"""
        ).fetchall()
        return [int(row[column]) for column in (0, 1) for row in rows]

    def _first(query: str) -> Answer:
        return [int(value) for value in connection.execute(query).fetchone()]

    return [each_pupil, ten_weeks, half_days]


def with_duckdb_parquet(folder: Path) -> list[Question]:
    """DuckDB, from Parquet."""
    import duckdb

    return _with_duckdb(f"'{folder / 'marks.parquet'}'", duckdb.connect())


def with_duckdb_table(folder: Path) -> list[Question]:
    """DuckDB, from its own table in memory, whose loading is not timed."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE marks AS SELECT * FROM '{folder / 'marks.parquet'}'")
    return _with_duckdb("marks", connection)


OURS = "ours (numpy on pages)"
ENGINES: Mapping[str, Callable[[Path], list[Question]]] = {
    OURS: with_ours,
    "polars, Parquet": with_polars,
    "DuckDB, Parquet": with_duckdb_parquet,
    "DuckDB, table": with_duckdb_table,
}
