"""Published figures: the right row for a day, and every mistake in the file named by its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mbls_sync.errors import ParameterError
from mbls_sync.policy.benchmarks import Level, SourceKind, chosen, load_benchmarks
from mbls_sync.policy.places import benchmarks_file, shipped_config

SOURCES = """\
sources:
  registers: {title: Registers, address: https://example.invalid/a, kind: daily}
  census: {title: Census, address: https://example.invalid/b, kind: census}
figures:
"""
ROW = (
    "  - {source: registers, level: nation, area: England, phase: primary, "
    "from: 2025-09-08, to: 2026-07-10, absence: 5.28}\n"
)


@pytest.fixture
def shipped():
    return load_benchmarks(benchmarks_file(shipped_config()))


def test_a_pack_of_autumn_2026_stands_beside_the_year_before(shipped):
    rows = chosen(shipped, date(2026, 12, 18), "primary", ("Central Bedfordshire", "East of England", "England"))
    assert [row.level for row in rows] == [Level.LA, Level.REGION, Level.NATION]
    assert [row.values["absence"] for row in rows] == [Decimal("5.16"), Decimal("5.27"), Decimal("5.28")]


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 7, 9), 2024), (date(2026, 7, 10), 2025), (date(2026, 7, 11), 2025)]
)
def test_a_row_counts_from_the_day_it_ends(shipped, day, year):
    (row,) = chosen(shipped, day, "primary", ("England",))
    assert row.first.year == year


def test_registers_come_before_the_census_even_where_the_census_is_later(tmp_path):
    file = tmp_path / "benchmarks.yaml"
    census = ROW.replace("registers", "census").replace("2025-09-08", "2025-08-01").replace("2026-07-10", "2026-07-31")
    file.write_text(SOURCES + ROW + census, encoding="utf-8")
    (row,) = chosen(load_benchmarks(file), date(2026, 9, 1), "primary", ("england",))
    assert row.source.kind is SourceKind.DAILY


def test_another_phase_is_never_put_in_the_place_of_the_schools_own(shipped):
    assert chosen(shipped, date(2026, 9, 1), "secondary", ("England",)) == ()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (ROW.replace("registers", "elsewhere"), "none of the sources"),
        (ROW.replace("nation", "world"), "must be one of la, region, nation"),
        (ROW.replace("5.28", "five"), "write a number from 0 to 100"),
        (ROW.replace("2026-07-10", "2025-07-10"), "lies before from"),
        (ROW.replace("absence: 5.28", "absence: 5.28, authorised: 3, unauthorised: 1"), "mend one"),
        (ROW + ROW, "stands twice"),
        (ROW.replace("absence", "absent"), "unknown key"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, row, says):
    file = tmp_path / "benchmarks.yaml"
    file.write_text(SOURCES + row, encoding="utf-8")
    with pytest.raises(ParameterError, match=says) as told:
        load_benchmarks(file)
    assert "benchmarks.yaml:5" in str(told.value) or "benchmarks.yaml:6" in str(told.value)
