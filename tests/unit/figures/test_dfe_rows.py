"""A dozen of DfE's published rows, typed out: from their counts by code our arithmetic finds DfE's percentages.

Source: Department for Education, Pupil attendance in schools, academic year 2025/26 to date (time period 202526),
file data/EES_ytd_data.csv of the public repository dfe-analytical-services/attendance-data-dashboard, Open
Government Licence. `tests/dfe_year_to_date.py` does the same for the whole file.
"""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from mbls_sync.model.codes import Meaning
from mbls_sync.testing.builders import the_codebook


@dataclass(frozen=True)
class Typed:
    """Level, place and phase; sessions by code, attended and missed; authorised absence; the four percentages."""

    name: str
    attended: str
    missed: str
    authorised: int
    published: str

    @property
    def counts(self) -> dict[str, int]:
        words = f"{self.attended} {self.missed}".split()
        return {code: int(count) for code, count in zip(words[::2], words[1::2], strict=True)}


ROWS = (
    Typed(
        "Local authority, Central Bedfordshire, Primary",
        r"/ 3038533 \ 3051327 L 37897 B 7849 J 0 K 1595 P 4601 V 46315 W 1",
        "C 29823 C1 291 C2 12373 E 2314 H 0 I 183342 J1 657 M 18217 R 1989 S 0 T 1509 G 30918 N 1519 O 40340 U 13573",
        250_515,
        "94.8373045569621 5.16269544303794 3.83932034765455 1.32337509538339",
    ),
    Typed(
        "Local authority, Central Bedfordshire, Secondary",
        r"/ 3126115 \ 3216448 L 142704 B 13340 J 0 K 8340 P 12317 V 66718 W 14160",
        "C 34078 C1 834 C2 46585 E 15640 H 0 I 270245 "
        "J1 746 M 28851 R 1274 S 7156 T 733 G 19356 N 2914 O 113914 U 16736",
        406_142,
        "92.1910033573565 7.80899664264351 5.67300498770534 2.13599165493817",
    ),
    Typed(
        "Local authority, Central Bedfordshire, Special",
        r"/ 113318 \ 115124 L 737 B 1730 J 0 K 708 P 286 V 1008 W 56",
        "C 5549 C1 5 C2 6218 E 337 H 0 I 12809 J1 18 M 2217 R 98 S 40 T 2 G 1136 N 25 O 4931 U 1062",
        27_293,
        "87.1184754724884 12.8815245275116 10.206271922936 2.67525260457568",
    ),
    Typed(
        "Local authority, Central Bedfordshire, Total",
        r"/ 6277966 \ 6382899 L 181338 B 22919 J 0 K 10643 P 17204 V 114041 W 14217",
        "C 69450 C1 1130 C2 65176 E 18291 H 0 I 466396 "
        "J1 1421 M 49285 R 3361 S 7196 T 2244 G 51410 N 4458 O 159185 U 31371",
        683_950,
        "93.3314176631055 6.66858233689453 4.90230476057909 1.76627757631544",
    ),
    Typed(
        "Local authority, Bedford, Primary",
        r"/ 2286362 \ 2303721 L 39326 B 6108 J 0 K 267 P 2720 V 30117 W 0",
        "C 17738 C1 186 C2 4256 E 2020 H 0 I 141984 J1 610 M 13461 R 3525 S 9 T 57 G 24663 N 2591 O 25303 U 7019",
        183_846,
        "95.0443837726991 4.95561622730094 3.74276039521641 1.21285583208453",
    ),
    Typed(
        "Local authority, Rutland, Primary",
        r"/ 348799 \ 347448 L 3699 B 1771 J 0 K 741 P 2687 V 6287 W 0",
        "C 2951 C1 16 C2 2895 E 230 H 0 I 18861 J1 24 M 2168 R 32 S 0 T 552 G 1683 N 420 O 1823 U 1113",
        27_729,
        "95.596882558452 4.40311744154797 3.7260145122279 0.677102929320075",
    ),
    Typed(
        "Local authority, Liverpool, Primary",
        r"/ 5285677 \ 5529906 L 259478 B 20825 J 0 K 1689 P 4292 V 58009 W 1",
        "C 22770 C1 208 C2 11961 E 4236 H 0 I 279403 J1 704 M 27978 R 7536 S 3 T 99 G 87038 N 9761 O 208032 U 20318",
        354_908,
        "94.2562433202753 5.74375667972473 2.99755049310241 2.74620618662232",
    ),
    Typed(
        "Regional, East of England, Primary",
        r"/ 69304686 \ 70073251 L 1382674 B 273978 J 7 K 40100 P 173784 V 1131798 W 111",
        "C 614122 C1 6019 C2 339410 E 78404 H 0 I 4304594 "
        "J1 15505 M 413951 R 69750 S 272 T 36664 G 734357 N 64419 O 994499 U 250552",
        5_878_691,
        "94.7289655548711 5.27103444512886 3.91122907556272 1.35980536956614",
    ),
    Typed(
        "National, England, Primary",
        r"/ 596248903 \ 606376201 L 14574915 B 2478465 J 46 K 229071 P 1101777 V 9521170 W 548",
        "C 4773352 C1 43089 C2 2165735 E 478785 H 214 I 36191780 "
        "J1 220738 M 3533055 R 851311 S 2797 T 184890 G 6948330 N 642003 O 10312019 U 2200160",
        48_445_756,
        "94.7233194599495 5.27668054005052 3.72923759260023 1.54744294745028",
    ),
    Typed(
        "National, England, Secondary",
        r"/ 469270046 \ 484186915 L 30519828 B 3277757 J 41 K 862932 P 1554933 V 7976206 W 3374371",
        "C 4657368 C1 56075 C2 3511650 E 3158295 H 112 I 39674988 "
        "J1 171836 M 4116441 R 633074 S 1098362 T 33055 G 3439600 N 541316 O 28533487 U 3243297",
        57_111_352,
        "91.5102180907003 8.4897819092997 5.22093111303911 3.26885079626059",
    ),
    Typed(
        "National, England, Special",
        r"/ 22088855 \ 22230096 L 402137 B 466368 J 0 K 53154 P 25028 V 243536 W 32083",
        "C 878720 C1 2416 C2 833003 E 91266 H 62 I 2632592 "
        "J1 5269 M 532330 R 27995 S 11896 T 3426 G 213652 N 36279 O 1468483 U 169596",
        5_018_975,
        "86.8308550742273 13.1691449257727 9.56938652014304 3.59975840562969",
    ),
    Typed(
        "National, England, Total",
        r"/ 1087607804 \ 1112793212 L 45496880 B 6222590 J 87 K 1145157 P 2681738 V 17740912 W 3407002",
        "C 10309440 C1 101580 C2 6510388 E 3728346 H 388 I 78499360 "
        "J1 397843 M 8181826 R 1512380 S 1113055 T 221371 G 10601582 N 1219598 O 40313989 U 5613053",
        110_576_083,
        "93.1167518649325 6.88324813506746 4.52176301629652 2.36148511877094",
    ),
)
NOT_PUBLISHED = {
    "Local authority, Liverpool, Primary": 10,
    "National, England, Primary": 10,
    "National, England, Secondary": 96,
    "National, England, Total": 106,
}
"""Sessions of authorised absence whose code DfE does not list."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dfe_year_to_date", Path(__file__).parents[2] / "dfe_year_to_date.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its own module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def as_file(script: ModuleType, file: Path, rows: Sequence[Typed]) -> Path:
    columns = [*script.CODE_COLUMNS.values(), *script.PUBLISHED.values()]
    names = ["time_period", "geographic_level", "country_name", "region_name", "la_name", "education_phase"]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*names, "authorised_absence", *columns])
        for row in rows:
            level, place, phase = row.name.split(", ")
            counts = [row.counts[code] for code in script.CODE_COLUMNS]
            writer.writerow(
                ["202526", level, "England", "", place, phase, row.authorised, *counts, *row.published.split()]
            )
    return file


@pytest.mark.parametrize("typed", ROWS, ids=lambda row: row.name)
def test_our_percentages_are_those_that_dfe_publishes(script: ModuleType, typed: Typed) -> None:
    published = dict(zip(script.PUBLISHED, map(Fraction, typed.published.split()), strict=True))
    row = script.Row(typed.name, date(2025, 9, 1), typed.counts, typed.authorised, published)
    assert script.disagreements(row, the_codebook()) == []
    assert row.not_published == NOT_PUBLISHED.get(typed.name, 0)


def test_every_code_of_the_table_has_the_meaning_that_its_column_names(script: ModuleType) -> None:
    words = {"present": Meaning.PRESENT, "aea": Meaning.APPROVED, "authorised": Meaning.AUTHORISED}
    day = date(2025, 9, 1)
    for code, column in script.CODE_COLUMNS.items():
        meaning = the_codebook().meaning(code, day)
        if code in "GNOU":
            assert meaning is Meaning.UNAUTHORISED
        else:
            assert [expected for word, expected in words.items() if word in column.split("_")] == [meaning]


def test_the_script_agrees_with_the_rows_and_lists_what_is_not_published(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([str(as_file(script, tmp_path / "rows.csv", ROWS))]) == 0
    said = capsys.readouterr().out
    assert "10 sessions, 202526 Local authority, Liverpool, Primary" in said
    assert f"{len(ROWS)} numeric rows, 0 suppressed" in said


@pytest.mark.parametrize(
    "spoilt", [{"authorised": 250_514}, {"published": "94.837304 5.16269545 3.83932035 1.32337510"}]
)
def test_the_script_refuses_a_row_that_disagrees(
    script: ModuleType, tmp_path: Path, spoilt: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    first = ROWS[0]
    row = Typed(**{**{name: getattr(first, name) for name in Typed.__dataclass_fields__}, **spoilt})
    assert script.main([str(as_file(script, tmp_path / "rows.csv", [row]))]) == 1
    assert "Central Bedfordshire" in capsys.readouterr().out


def test_the_script_refuses_a_file_without_a_numeric_row(script: ModuleType, tmp_path: Path) -> None:
    assert script.main([str(as_file(script, tmp_path / "rows.csv", []))]) == 1
