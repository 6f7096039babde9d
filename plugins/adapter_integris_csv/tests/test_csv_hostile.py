"""Whatever an export holds, reading it ends, and no cell is lost in silence."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mbls_adapter_integris_csv import marks_long
from mbls_adapter_integris_csv.options import Options
from mbls_adapter_integris_csv.reading import read_export
from mbls_adapter_integris_csv.source import Reading
from mbls_adapter_integris_csv.tables import UnreadableFile

from mbls_sync.api import AcademicYear, HalfTerm, Resource, SchoolCalendar, SchoolYear

YEAR = SchoolYear(AcademicYear(2026), (HalfTerm(date(2026, 9, 1), date(2026, 12, 18), "autumn", 1),))
CALENDAR = SchoolCalendar((YEAR,))
UPNS = [f"X{n:012d}" for n in range(6)]
DAYS = [f"{n:02d}/09/2026" for n in range(1, 31)]
CODES = ["/", "\\", "L", "I", "C1", "N", "", "-", "??"]
HEADER = "UPN,Date,Session,Mark"
ROWS = st.lists(
    st.tuples(st.sampled_from(UPNS), st.sampled_from(DAYS), st.sampled_from(["AM", "PM"]), st.sampled_from(CODES)),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[:3],
).map(lambda rows: [",".join(row) for row in rows])
UNHURRIED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def read(content: bytes, resource: Resource = Resource.MARKS) -> Reading | None:
    """What a file says; None where it says of itself that it cannot be read."""
    try:
        return read_export("marks.csv", content, resource, date(2026, 9, 30), Options(), CALENDAR)
    except UnreadableFile as error:
        return pytest.fail("it does not say why") if len(str(error)) < 20 else None


def cells(reading: Reading) -> set[tuple[str, str, str, str]]:
    return {(row.pupil, f"{row.day:%d/%m/%Y}", row.period.value, row.code) for row in reading.marks}


def accounted(reading: Reading) -> int:
    return len(reading.marks) + sum(row.marks for row in reading.bad)


@UNHURRIED
@given(st.binary(max_size=400), st.sampled_from(list(Resource)))
@example(b"\x00" * 64, Resource.MARKS)
@example(b'UPN,Date,Session,Mark\n"' + b"x,\n" * 200, Resource.MARKS)
@example(b"UPN,Date,Session,Mark\r\r\n\x0b\x1c,,,", Resource.PUPILS)
def test_any_bytes_are_read_or_refused(content, resource):
    read(content, resource)


@UNHURRIED
@given(st.text(max_size=300), st.sampled_from(list(Resource)))
def test_any_text_under_a_header_is_read_or_refused(text, resource):
    header = {Resource.MARKS: HEADER, Resource.EVENTS: "UPN,At,Kind,Note"}.get(resource, "UPN,Name,Reason,Time")
    read(f"{header}\n{text}".encode("utf-8", "surrogatepass"), resource)


@UNHURRIED
@given(ROWS, st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"]), st.sampled_from(",;\t"))
def test_every_cell_of_a_clean_export_is_read(rows, encoding, delimiter):
    text = "\r\n".join([HEADER, *rows, ""]).replace(",", delimiter)
    reading = read(text.encode(encoding))
    assert reading is not None
    assert accounted(reading) == len(rows)
    assert not reading.bad


@UNHURRIED
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(rows, chance: random.Random):
    mixed = chance.sample(rows, len(rows))
    one, other = (read("\n".join([HEADER, *order, ""]).encode()) for order in (rows, mixed))
    assert one is not None
    assert other is not None
    assert cells(one) == cells(other)


@UNHURRIED
@given(ROWS, st.data())
def test_a_cut_file_gives_the_rows_before_the_cut_and_says_that_it_was_cut(rows, data):
    content = "\n".join([HEADER, *rows, ""]).encode()
    cut = data.draw(st.integers(len(HEADER) + 1, len(content) - 2))
    reading = read(content[:cut])
    if reading is None:
        return
    whole = content[:cut].decode().split("\n")[1:]
    complete, last = whole[:-1], whole[-1]
    assert accounted(reading) in (len(complete), len(complete) + bool(last))
    assert not last or reading.warnings or reading.bad, "a cut within a row is told"


@UNHURRIED
@given(ROWS, st.data())
def test_a_repeated_row_comes_twice_for_the_core_to_judge(rows, data):
    again = data.draw(st.lists(st.sampled_from(rows), min_size=1, max_size=5))
    reading = read("\n".join([HEADER, *rows, *again, ""]).encode())
    assert reading is not None
    assert accounted(reading) == len(rows) + len(again)


@UNHURRIED
@given(ROWS, st.data(), st.text(alphabet='",;\\\t \x00é/N1', min_size=1, max_size=8))
def test_garbage_in_one_row_costs_at_most_that_row(rows, data, garbage):
    place = data.draw(st.integers(0, len(rows) - 1))
    broken = [*rows[:place], garbage + rows[place], *rows[place + 1 :]]
    reading = read("\n".join([HEADER, *broken, ""]).encode())
    assert reading is not None
    others = rows[:place] + rows[place + 1 :]
    expected = {tuple(row.split(",")) for row in others}
    found = {(p, d, s, "" if c == "-" else c) for p, d, s, c in expected}
    assert found <= cells(reading), "every other row is read"
    assert accounted(reading) >= len(rows), "the broken row is counted"


@UNHURRIED
@given(st.lists(st.one_of(ROWS.map(lambda rows: rows[0]), st.text(alphabet='A,/"\u200b T', max_size=12)), max_size=12))
def test_the_quick_way_and_the_careful_way_read_the_same(rows):
    content = "\n".join([HEADER, *rows, ""]).encode()
    quick = read(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marks_long, "read_clean", lambda *_: None)
        assert read(content) == quick


@pytest.mark.parametrize("lines", [1_500, 5_000])
def test_a_file_of_open_quotes_ends_soon(lines):
    assert read((HEADER + "\n" + '"x\n' * lines).encode()) is None


def test_ten_million_columns_are_one_bad_row():
    reading = read(f"{HEADER}\n{',' * 10_000_000}\nX000000000001,07/09/2026,AM,/\n".encode())
    assert reading is not None
    assert len(reading.marks) == 1
    assert [row.line for row in reading.bad] == [2]
