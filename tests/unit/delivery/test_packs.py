"""Analysis packs: what adds up, what the governors' never tells, and the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from mbls_sync.delivery.analysis.group_tables import COLUMNS
from mbls_sync.delivery.analysis.material import WHOLE, Material, Reader
from mbls_sync.delivery.analysis.pack import pack_of
from mbls_sync.delivery.analysis.shielding import NOT_SHOWN
from mbls_sync.delivery.analysis.spans import Length, latest_over, of_day
from mbls_sync.delivery.analysis.write import packs_due, write_pack
from mbls_sync.delivery.desk import Desk
from mbls_sync.engine.subjects import Subjects
from mbls_sync.errors import ParameterError
from mbls_sync.figures.factors import FACTOR
from mbls_sync.model.deliveries import Mode
from mbls_sync.model.happenings import Event
from mbls_sync.model.packs import BarPlot, LinePlot, Pack, PackTable
from mbls_sync.model.sessions import Session
from mbls_sync.pipeline.papers import desk_of
from mbls_sync.policy.benchmarks import load_benchmarks
from mbls_sync.policy.places import benchmarks_file, shipped_config
from mbls_sync.testing.builders import ZONE, Someone, a_parameter, a_pupil, a_world, the_calendar, the_codebook

FIRST, NOW = date(2026, 9, 7), datetime(2026, 10, 22, 16, 30, tzinfo=ZONE)
BENCHMARKS = load_benchmarks(benchmarks_file(shipped_config()))
CODES = ("/", "/", "/", "/", "/", "L", "I", "M", "C", "O", "G", "U", "N", "B")


def a_school(seed: int, size: int, now: datetime = NOW, **made_up: object) -> Desk:
    """A school of so many pupils with marks drawn at random, and letters sent to some of them."""
    random = Random(seed)
    sessions = the_calendar().sessions(FIRST, now.date())
    people = [_someone(random, number, sessions) for number in range(size)]
    factor = Event(
        datetime(2026, 10, 5, 9, tzinfo=ZONE), FACTOR, outcome="chickenpox", ref="class:A 2026-10-05..2026-10-09"
    )
    world = a_world(now, *people, events=(factor,), made_up=made_up)  # type: ignore[arg-type]
    return desk_of(world, Subjects(world), Mode.SHADOW, the_codebook(), ())


def _someone(random: Random, number: int, sessions: tuple[Session, ...]) -> Someone:
    year = random.choice(("R", "1", "2", "3"))
    pupil = a_pupil(
        f"X82399992600{number:03d}",
        surname=f"Testpupil{number}",
        forename=f"Sample{number}",
        upn=f"X82399992600{number:03d}",
        year_group=year,
        class_name=f"{random.choice('AB')}",
        sex=random.choice("FM"),
        free_school_meals=random.choice((True, False, False, None)),
        english_additional_language=random.random() < 0.1,
        looked_after=random.random() < 0.05,
        sen_status=random.choice("NNNKE"),
        ethnicity=random.choice(("WBRI", "WBRI", "AIND", "REFU")),
    )
    often = random.choice((5, 5, len(CODES)))
    marks = {session: random.choice(CODES[:often]) for session in sessions}
    sent = Event(datetime(2026, 9, 16, 9, tzinfo=ZONE), "support-letter-sent", pupil.id)
    return Someone(pupil, marks=marks, events=(sent,) if random.random() < 0.3 else ())


def a_pack(desk: Desk, reader: Reader, length: Length = Length.HALF_TERM) -> Pack:
    span = of_day(desk.calendar, length, desk.now.date())
    assert span is not None
    return pack_of(Material(desk, span, reader, desk.policy(), BENCHMARKS))


def tables(pack: Pack) -> dict[str, PackTable]:
    return {part.heading: part for part in pack.parts if isinstance(part, PackTable)}


def group_rows(table: PackTable) -> list[dict[str, object]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in table.rows]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return a_school(1, 60)


@pytest.fixture(scope="module")
def packs(desk: Desk) -> dict[Reader, Pack]:
    return {reader: a_pack(desk, reader) for reader in Reader}


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.sampled_from(Reader))
def test_in_every_row_possible_is_what_was_attended_and_what_was_missed(seed, size, reader):
    for heading in ("Year groups", "Classes", "Attendance this year to date", "Groups of pupils"):
        for row in group_rows(tables(a_pack(a_school(seed, size), reader)).get(heading, PackTable("", COLUMNS, ()))):
            parts = ("Present", "Approved activity", "Authorised absence", "Unauthorised absence")
            assert row["Possible sessions"] == sum(int(str(row[part])) for part in parts)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_year_groups_classes_and_bands_each_add_up_to_the_whole_school(seed, size):
    found = tables(a_pack(a_school(seed, size), Reader.STAFF))
    for heading in ("Year groups", "Classes", "Attendance this year to date"):
        whole, *groups = group_rows(found[heading])
        assert whole["Group"] == WHOLE
        for column in (
            "Pupils",
            *COLUMNS[2:7],
            "Late before close",
            "Late after close",
            "Persistently absent this year",
        ):
            assert sum(int(str(row[column])) for row in groups) == whole[column]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 60))
def test_no_group_of_the_governors_has_fewer_pupils_than_may_be_shown(seed, size):
    for table in tables(a_pack(a_school(seed, size), Reader.GOVERNORS)).values():
        columns = [
            n for n, name in enumerate(table.columns) if name.startswith(("Pupils", "Persistently", "of whom", "Had"))
        ]
        counts = [row[n] for row in table.rows for n in columns]
        assert all(not isinstance(count, int) or count == 0 or count >= 5 for count in counts)


def test_the_workbook_and_the_text_of_the_pdf_of_the_governors_name_nobody(desk, tmp_path):
    span = latest_over(desk.calendar, Length.HALF_TERM, desk.now, NOW.time())
    files = write_pack(desk, span, Reader.GOVERNORS, BENCHMARKS, tmp_path)
    told = _everything(files)
    assert "Year 2" in told
    for pupil in desk.roll:
        assert not any(secret in told for secret in (pupil.upn, pupil.surname, pupil.forename))
    assert "chickenpox" not in told, "an outbreak in one class tells of a class"


def test_the_staff_see_every_pupil_by_name_and_the_factor_that_touched_their_class(desk, tmp_path):
    span = latest_over(desk.calendar, Length.HALF_TERM, desk.now, NOW.time())
    told = _everything(write_pack(desk, span, Reader.STAFF, BENCHMARKS, tmp_path))
    assert all(pupil.name in told for pupil in desk.roll)
    assert "chickenpox" in told


def _everything(files: list[Path]) -> str:
    """All text of the files: pages, cells, and what stands in the archive beside the cells."""
    texts = [file.name for file in files]
    for file in files:
        if file.suffix == ".pdf":
            texts += [page.extract_text() for page in PdfReader(file).pages]
            texts += [str(PdfReader(file).metadata)]
        elif file.suffix == ".xlsx":
            archive = zipfile.ZipFile(io.BytesIO(file.read_bytes()))
            texts += [archive.read(name).decode("utf-8") for name in archive.namelist()]
        else:
            texts.append(file.read_text(encoding="utf-8"))
    return "\n".join(texts)


def test_the_same_marks_give_the_same_bytes(desk, tmp_path):
    span = of_day(desk.calendar, Length.TERM, desk.now.date())
    once = [file.read_bytes() for file in write_pack(desk, span, Reader.STAFF, BENCHMARKS, tmp_path / "a")]
    again = [file.read_bytes() for file in write_pack(desk, span, Reader.STAFF, BENCHMARKS, tmp_path / "b")]
    assert once == again


def test_numbers_in_the_workbook_are_numbers_and_no_cell_is_a_formula(desk, tmp_path):
    span = of_day(desk.calendar, Length.TERM, desk.now.date())
    (file,) = (f for f in write_pack(desk, span, Reader.STAFF, BENCHMARKS, tmp_path) if f.suffix == ".xlsx")
    book = load_workbook(file)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in cells)
    sheet = book["Year groups"]
    heads = [cell.value for cell in sheet[3]]
    assert isinstance(sheet.cell(4, heads.index("Attendance %") + 1).value, int | float)
    assert {"Summary", "Goals", "Pupils", "Weekdays", "Illness", "Benchmarks", "Fairness"} <= set(book.sheetnames)


def test_every_plot_says_under_it_what_it_shows_and_is_described_for_who_cannot_see_it(packs):
    plots = [part for part in packs[Reader.GOVERNORS].parts if isinstance(part, BarPlot | LinePlot)]
    assert len(plots) >= 6
    for plot in plots:
        assert plot.says.endswith(".")
        for bar in plot.bars if isinstance(plot, BarPlot) else ():
            assert bar.label in plot.description
            assert bar.value is None or plot.low <= bar.value <= plot.high


def test_a_count_of_few_persistently_absent_pupils_is_not_shown_and_cannot_be_taken_from_the_rest(packs):
    year_rows = group_rows(tables(packs[Reader.GOVERNORS])["Year groups"])
    hidden = [row for row in year_rows if row["Persistently absent this year"] == NOT_SHOWN]
    assert len(hidden) != 1


def test_a_goal_is_reached_by_the_exact_figure(desk):
    goals = a_parameter("governors.goals", "table", (("attendance", "0"), ("persistent", "100"), ("severe", "100")))
    table = tables(a_pack(replace(desk, parameters={**desk.parameters, goals.name: goals}), Reader.STAFF))
    assert [row[3] for row in table["The governors' goals"].rows] == ["yes", "yes", "yes"]
    assert "No goal is set yet for: attended sessions begun in time, unaut" in table["The governors' goals"].intro


@pytest.mark.parametrize(
    ("goals", "said"),
    [
        ((("attendance", "0"),), "The governors' goal is reached so far."),
        ((("attendance", "100"),), "The governors' goal is not reached so far."),
        ((("attendance", "0"), ("severe", "0")), "Of the governors' 2 goals, 1 is reached so far."),
    ],
)
def test_the_first_page_says_how_far_the_goals_are_reached(desk, goals, said):
    parameter = a_parameter("governors.goals", "table", goals)
    pack = a_pack(replace(desk, parameters={**desk.parameters, parameter.name: parameter}), Reader.STAFF)
    assert said in pack.summary


@pytest.mark.parametrize("goal", [("mood", "3"), ("attendance", "high")])
def test_a_goal_that_cannot_be_measured_is_named(desk, goal):
    goals = a_parameter("governors.goals", "table", (goal,))
    with pytest.raises(ParameterError, match=goal[0]):
        a_pack(replace(desk, parameters={**desk.parameters, goals.name: goals}), Reader.STAFF)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 10, 22, 15, 0, tzinfo=ZONE), 0),
        (datetime(2026, 10, 22, 18, 0, tzinfo=ZONE), 1),
        (datetime(2026, 10, 29, 12, 0, tzinfo=ZONE), 1),
        (datetime(2026, 12, 18, 18, 0, tzinfo=ZONE), 3),
        (datetime(2027, 1, 2, 12, 0, tzinfo=ZONE), 3),
    ],
)
def test_packs_fall_due_when_the_half_term_or_term_is_over_and_once_only(now, due, tmp_path):
    desk = a_school(3, 6, now)
    jobs = packs_due(desk, BENCHMARKS, tmp_path)
    assert len(jobs) == due
    for job in jobs:
        job()
    assert packs_due(desk, BENCHMARKS, tmp_path) == []


def test_an_analysis_that_cannot_be_made_stops_no_other_paper(desk, tmp_path):
    known = {name: parameter for name, parameter in desk.parameters.items() if name != "analysis.made_up_days"}
    (job,) = packs_due(replace(desk, parameters=known), BENCHMARKS, tmp_path)
    with pytest.raises(ParameterError, match="made_up_days"):
        job()


def test_what_ended_long_ago_is_not_written_unasked(tmp_path):
    desk = a_school(3, 6, datetime(2026, 12, 18, 12, 0, tzinfo=ZONE))
    late = replace(desk, now=datetime(2027, 2, 22, 12, 0, tzinfo=ZONE))
    assert (
        len(packs_due(late, BENCHMARKS, tmp_path))
        == 1
        < len(packs_due(replace(desk, now=late.now.replace(month=1)), BENCHMARKS, tmp_path))
    )


def test_nothing_is_told_of_a_school_of_four():
    pack = a_pack(a_school(5, 4), Reader.GOVERNORS)
    assert (pack.key, pack.parts) == ((), ())
    assert "fewer than 5 pupils" in pack.summary[0]


def test_without_a_mark_a_pack_says_so():
    world = a_world(NOW, Someone(a_pupil()))
    pack = a_pack(desk_of(world, Subjects(world), Mode.SHADOW, the_codebook(), ()), Reader.STAFF)
    assert pack.summary == ("No marks of this span are held.",)
    assert pack.key == ()


def test_the_first_page_sets_the_school_beside_the_published_year(packs):
    (said,) = (sentence for sentence in packs[Reader.GOVERNORS].summary if "England" in sentence)
    assert "Published for 2025/26: Central Bedfordshire 5.2%, East of England 5.3%, England 5.3%." in said


def test_percentages_in_a_pack_have_one_decimal_as_everywhere(packs):
    row = group_rows(tables(packs[Reader.STAFF])["Year groups"])[0]
    value = row["Attendance %"]
    assert isinstance(value, Decimal)
    assert -value.as_tuple().exponent == 1


def test_that_all_of_the_persistently_absent_are_so_is_shown_to_the_governors_too():
    rows = group_rows(tables(a_pack(a_school(7, 120), Reader.GOVERNORS))["Attendance this year to date"])
    (row,) = (row for row in rows if row["Group"] == "Persistently absent")
    assert row["Persistently absent this year"] == row["Pupils"]
