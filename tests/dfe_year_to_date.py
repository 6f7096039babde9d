"""Recomputes the percentages that DfE publishes from its own counts by code: our arithmetic must be theirs.

    python tests/dfe_year_to_date.py PATH_TO_CSV

The file is "year to date" of Pupil attendance in schools, as kept in data/EES_ytd_data.csv of the public
repository dfe-analytical-services/attendance-data-dashboard. Each row's counts go through
`figures.percentages.from_code_counts`, which classes codes as the register's pages do. Where the published
authorised absence exceeds the sum of its listed codes, the rest enters as one count and is listed.
Exit 0 when every numeric row agrees, 1 when one does not.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path

from mbls_sync.figures.percentages import Totals, absence, attendance, from_code_counts, share
from mbls_sync.policy.codebook import CodeBook, load_codes
from mbls_sync.policy.places import codes_file, shipped_config

CODE_COLUMNS = {
    "/": "reason_present_am",
    "\\": "reason_present_pm",
    "L": "reason_l_present_late_before_registers_closed",
    "B": "reason_b_aea_education_off_site",
    "J": "reason_j_aea_interview",
    "K": "reason_k_aea_education_arranged_by_la",
    "P": "reason_p_aea_approved_sporting_activity",
    "V": "reason_v_aea_educational_visit_trip",
    "W": "reason_w_aea_work_experience",
    "C": "reason_c_authorised_other",
    "C1": "reason_c1_authorised_regulated_performance",
    "C2": "reason_c2_authorised_temp_reduced_timetable",
    "E": "reason_e_authorised_excluded",
    "H": "reason_h_authorised_holiday",
    "I": "reason_i_authorised_illness",
    "J1": "reason_j1_authorised_interview",
    "M": "reason_m_authorised_medical_dental",
    "R": "reason_r_authorised_religious_observance",
    "S": "reason_s_authorised_study_leave",
    "T": "reason_t_authorised_mobile_child",
    "G": "reason_g_unauthorised_holiday",
    "N": "reason_n_no_reason_yet",
    "O": "reason_o_other_unauthorised",
    "U": "reason_u_unauthorised_late_after_registers_closed",
}
PUBLISHED = {
    "attendance": "attendance_perc",
    "overall absence": "overall_absence_perc",
    "authorised absence": "authorised_absence_perc",
    "unauthorised absence": "unauthorised_absence_perc",
}
AGREES_WITHIN = Fraction(1, 10**9)


@dataclass(frozen=True)
class Row:
    """One published row: where it is from, its counts by code, its authorised absence, its percentages."""

    name: str
    day: date
    counts: Mapping[str, int]
    authorised: int
    published: Mapping[str, Fraction]

    @property
    def not_published(self) -> int:
        """Authorised absence whose code is not among those listed."""
        return self.authorised - sum(self.counts[code] for code in AUTHORISED)


AUTHORISED = ("C", "C1", "C2", "E", "H", "I", "J1", "M", "R", "S", "T")
"""The codes that DfE's column `authorised_absence` is the sum of."""


def read(rows: Iterable[Mapping[str, str]]) -> Iterator[Row | str]:
    """Each row of the file; only its name where DfE suppressed its figures."""
    for row in rows:
        place = row["la_name"] or row["region_name"] or row["country_name"]
        name = f"{row['time_period']} {row['geographic_level']}, {place}, {row['education_phase']}"
        if any(not row[column][:1].isdigit() for column in (*CODE_COLUMNS.values(), *PUBLISHED.values())):
            yield name
            continue
        yield Row(
            name=name,
            # Any day of the year will do: the code sets change with a school year.
            day=date(int(row["time_period"][:4]), 9, 1),
            counts={code: int(row[column]) for code, column in CODE_COLUMNS.items()},
            authorised=int(row["authorised_absence"]),
            published={label: Fraction(Decimal(row[column])) for label, column in PUBLISHED.items()},
        )


def ours(row: Row, codes: CodeBook) -> Mapping[str, Fraction | None]:
    """The row's percentages by our own function."""
    meaning_of = partial(codes.meaning, day=row.day)
    totals = from_code_counts(row.counts, meaning_of, other_authorised=row.not_published)
    return _percentages(totals)


def disagreements(row: Row, codes: CodeBook) -> list[str]:
    """What differs by more than a billionth of a percentage point; empty when all agrees."""
    if row.not_published < 0:
        return [f"{row.name}: the listed codes of authorised absence exceed its sum by {-row.not_published}"]
    found = ours(row, codes)
    return [
        f"{row.name}: {label} is published as {float(published)}, and we find {_text(found[label])}"
        for label, published in row.published.items()
        if _differs(found[label], published)
    ]


def main(arguments: list[str]) -> int:
    """Compare every row of the file named; print what was found."""
    if len(arguments) != 1:
        print("usage: python tests/dfe_year_to_date.py PATH_TO_CSV", file=sys.stderr)
        return 1
    with Path(arguments[0]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(read(csv.DictReader(file)))
    numeric = [row for row in rows if isinstance(row, Row)]
    codes = load_codes(codes_file(shipped_config()))
    wrong = [problem for row in numeric for problem in disagreements(row, codes)]
    for row in numeric:
        if row.not_published:
            print(f"authorised, code not published: {row.not_published:>4} sessions, {row.name}")
    for problem in wrong:
        print(problem)
    extra = sum(row.not_published != 0 for row in numeric)
    print(f"{len(numeric)} numeric rows, {len(rows) - len(numeric)} suppressed by DfE")
    print(f"{extra} rows with authorised absence whose code is not published")
    print(f"{len(wrong)} percentages disagree" if wrong else "every percentage agrees to 1e-9")
    return 0 if numeric and not wrong else 1


def _percentages(totals: Totals) -> Mapping[str, Fraction | None]:
    return {
        "attendance": attendance(totals),
        "overall absence": absence(totals),
        "authorised absence": share(totals.authorised, totals.possible),
        "unauthorised absence": share(totals.unauthorised, totals.possible),
    }


def _differs(found: Fraction | None, published: Fraction) -> bool:
    return found is None or abs(found - published) > AGREES_WITHIN


def _text(found: Fraction | None) -> str:
    return "nothing possible" if found is None else str(float(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
