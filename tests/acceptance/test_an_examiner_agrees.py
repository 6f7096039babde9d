"""`figures` against an examiner who knows only the documents: loops over days and exact fractions, none of our code.

The marks come in several files of one pull, on days that the calendar says are closed too, in both academic years of
the shipped calendar and in one it does not know; pupils join, leave, come part-time and reach compulsory school age.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest

NEW_SET = date(2024, 8, 19)
OLD = {"present": "/ \\ L", "approved": "B J P V W", "authorised": "C E H I M R S T", "unauthorised": "G N O U"}
NEW = {
    "present": "/ \\ L",
    "approved": "K V P W B J",
    "authorised": "C1 M J1 S C2 C T R I E H",
    "unauthorised": "G N O U",
}
OLD_OTHERS, NEW_OTHERS = "D X Y Z #".split(), "D X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z #".split()
SPANS = [
    (date(2025, 9, 3), date(2026, 7, 31)),
    (date(2026, 8, 24), date(2026, 11, 24)),
    (date(2024, 6, 3), date(2024, 9, 10)),
]
OPENS = {"N1": (time(9), time(12)), "R": (time(8, 45), time(12, 45)), "4": (time(8, 45), time(13, 30))}
MOMENTS = """
    2026-11-24T09:16 2026-10-30T12:00 2026-10-12T08:50 2026-09-28T13:00 2026-11-23T07:00 2026-11-15T07:00
""".split()
HALVES = ("AM", "PM")
SUMS = (
    "possible",
    "present",
    "approved_activity",
    "authorised",
    "unauthorised",
    "unmarked",
    "late_before_close",
    "late_after_close",
)

Marks = dict[tuple[str, date, str], str]


class Child(NamedTuple):
    """What the roll says of one pupil."""

    upn: str
    born: date
    year_group: str
    came: date | None
    left: date | None
    half: str


def meaning(code: str, day: date) -> str:
    known = OLD if day < NEW_SET else NEW
    return next((name for name, codes in known.items() if code in codes.split()), "none")


def school_days(folder: Path) -> set[date]:
    """Read off the calendar's text, file by file."""
    days: set[date] = set()
    for file in (folder / "config" / "calendar").glob("*.yaml"):
        text = re.sub(r"#.*", "", file.read_text(encoding="utf-8"))
        terms, _, shut = text.partition("inset_days:")
        closed = {date.fromisoformat(found) for found in re.findall(r"\d{4}-\d\d-\d\d", shut)}
        for first, last in re.findall(r"first: (\S+), last: (\S+)\}", terms):
            span = range(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1)
            days |= {day for n in span if (day := date.fromordinal(n)).weekday() < 5 and day not in closed}
    return days


def of_age(born: date) -> date:
    fifth = date(born.year + 5, born.month, born.day)
    ends = [date(fifth.year, month, day) for month, day in ((3, 31), (8, 31), (12, 31))]
    return min(end for end in ends if end >= fifth)


class Examiner(NamedTuple):
    """Counts one pupil's sessions up to a moment."""

    days: set[date]
    marks: Marks
    at: datetime

    def counts(self, child: Child, day: date, half: str, cohort: str) -> bool:
        if (child.came and day < child.came) or (child.left and day > child.left) or day > self.at.date():
            return False
        if day == self.at.date() and day in self.days and self.at.time() < OPENS[child.year_group][half == "PM"]:
            return False
        if cohort == "statutory":
            return day >= of_age(child.born)
        start = day.year if day.month >= 8 else day.year - 1
        age = start - child.born.year - ((child.born.month, child.born.day) > (8, 31))
        return cohort != "census_5_15" or 5 <= age <= 15

    def row(self, child: Child, first: date, last: date, cohort: str) -> dict[str, Any]:
        begun = sorted(
            {day - timedelta(day.weekday()) for day in self.days if day - timedelta(day.weekday()) <= self.at.date()}
        )
        counted = [
            (day, code, meaning(code, day))
            for (upn, day, half), code in self.marks.items()
            if upn == child.upn and self.counts(child, day, half, cohort)
        ]
        within = [(code, means) for day, code, means in counted if first <= day <= last]
        n = {name: sum(means == name for _, means in within) for name in NEW}
        possible, missed = sum(n.values()), n["authorised"] + n["unauthorised"]
        unmarked = [
            day
            for day in self.days
            for half in HALVES
            if first <= day <= last
            and (child.upn, day, half) not in self.marks
            and self.counts(child, day, half, cohort)
            and (not child.half or child.half == half)
        ]
        return {
            "possible": possible,
            "present": n["present"],
            "approved_activity": n["approved"],
            "authorised": n["authorised"],
            "unauthorised": n["unauthorised"],
            "unmarked": len(unmarked),
            "late_before_close": sum(code == "L" for code, _ in within),
            "late_after_close": sum(code == "U" for code, _ in within),
            "attendance_percent": Fraction(100 * (possible - missed), possible) if possible else None,
            "absence_percent": Fraction(100 * missed, possible) if possible else None,
            "persistent": bool(possible) and 10 * missed >= possible,
            "severe": bool(possible) and 2 * missed >= possible,
            "unauthorised_10_weeks": sum(means == "unauthorised" and day >= begun[-10] for day, _, means in counted),
        }


def some_children(chance: random.Random) -> list[Child]:
    found = []
    for n in range(8):
        group = chance.choice([*OPENS])
        born = date({"N1": 2022, "R": 2021, "4": 2017}[group], 9, 1) + timedelta(chance.randint(0, 364))
        came = chance.choice([None, None, date(2026, 9, 1) + timedelta(chance.randint(0, 60))])
        left = chance.choice([None, None, None, date(2026, 9, 20) + timedelta(chance.randint(0, 60))])
        found.append(Child(f"X82399992600{n}", born, group, came, left, chance.choice(["", "", "AM"])))
    return found


def some_marks(chance: random.Random, children: Sequence[Child]) -> Marks:
    marks: Marks = {}
    for child in children:
        absent = chance.choice([0.02, 0.1, 0.5])
        for first, last in chance.sample(SPANS, 2):
            for n in range(first.toordinal(), last.toordinal() + 1):
                day = date.fromordinal(n)
                if day.weekday() < 5 and chance.random() < 0.9:
                    old = day < NEW_SET
                    codes = [*" ".join((OLD if old else NEW).values()).split(), *(OLD_OTHERS if old else NEW_OTHERS)]
                    for half in HALVES:
                        marks[child.upn, day, half] = "/" if chance.random() > absent else chance.choice(codes)
    return marks


def a_file(file: Path, encoding: str, delimiter: str, rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    file.write_bytes(text.getvalue().encode(encoding))


def drop(inbox: Path, children: Sequence[Child], marks: Marks, chance: random.Random) -> None:
    """The roll, and the marks in two long files and a wide one, so that no pupil's year comes in one file."""
    head = ("UPN", "Legal Surname", "Date of Birth", "Year Group", "Class", "Admission Date", "Leaving Date")
    roll = [(c.upn, "Testpupil", c.born, c.year_group, "2T", c.came or "", c.left or "") for c in children]
    a_file(inbox / "pupils.csv", "utf-8-sig", ",", [head, *roll])
    halves = [
        (c.upn, "", "", "; ".join(f"{d} {c.half}" for d in "Mon Tue Wed Thu Fri".split())) for c in children if c.half
    ]
    a_file(inbox / "patterns.csv", "cp1252", ",", [("UPN", "From", "To", "Sessions"), *halves])
    weeks: dict[tuple[str, date], Marks] = {}
    for (upn, day, half), code in marks.items():
        weeks.setdefault((upn, day - timedelta(day.weekday())), {})[upn, day, half] = code
    files: list[list[tuple[object, ...]]] = [[], [], []]
    for (upn, monday), cells in weeks.items():
        into = chance.randrange(3)
        if into == 2:
            days = [monday + timedelta(n) for n in range(5)]
            files[2].append((upn, monday, *(cells.get((upn, day, half), "") for day in days for half in HALVES)))
        else:
            files[into] += [(upn, f"{day:%d/%m/%Y}", half, code) for (_, day, half), code in cells.items()]
    for rows in files:
        chance.shuffle(rows)
    long = ("UPN", "Date", "Session", "Mark")
    wide = ("UPN", "Week Commencing", *(f"{day} {half}" for day in "Mon Tue Wed Thu Fri".split() for half in HALVES))
    a_file(inbox / "marks 1.csv", "utf-16", ";", [long, *files[0]])
    a_file(inbox / "marks 2.csv", "cp1252", "\t", [("An export",), long, *files[1]])
    a_file(inbox / "marks 3.csv", "utf-8", ",", [wide, *files[2]])


def agrees(said: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    exact = {k: Fraction(v) if k.endswith("_percent") and v is not None else v for k, v in said.items()}
    return all(
        exact[k] == v if not isinstance(v, Fraction) else abs(exact[k] - v) < Fraction(1, 10**6)
        for k, v in found.items()
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_what_an_examiner_counts(empty_school, seed):
    chance = random.Random(seed)
    settings = empty_school.folder / "mbls-sync.toml"
    text = settings.read_text(encoding="utf-8").replace(
        'folder = "inbox"\n', 'folder = "inbox"\nsettle_seconds = 0\n', 1
    )
    settings.write_text(text, encoding="utf-8")
    children = some_children(chance)
    marks = some_marks(chance, children)
    drop(empty_school.inbox, children, marks, chance)
    assert empty_school.run("pull").code == 0
    days = school_days(empty_school.folder)
    for asked_at in MOMENTS:
        at = datetime.fromisoformat(asked_at)
        first = chance.choice([date(2024, 6, 1), date(2025, 9, 1), date(at.year - (at.month < 8), 8, 1)])
        last = chance.choice([at.date(), at.date() - timedelta(chance.randint(1, 40))])
        cohort = chance.choice(["all_roll", "statutory", "census_5_15"])
        asked = ("--at", at.isoformat(), "--from", first, "--to", last, "--cohort", cohort, "--format", "json")
        rows = {row["upn"]: row for row in json.loads(empty_school.run("figures", *asked).out)["rows"]}
        examiner = Examiner(days, marks, at)
        found = {child.upn: examiner.row(child, first, last, cohort) for child in children}
        for upn, row in rows.items():
            assert agrees(row, found[upn]), (asked, row, found[upn])
        assert all(found[upn]["possible"] == 0 for upn in found if upn not in rows)
        for by in ("class", "year", "school", "weekday"):
            sums = json.loads(empty_school.run("figures", "--by", by, *asked).out)["rows"]
            for name in SUMS:
                assert sum(row[name] for row in sums) == sum(row[name] for row in rows.values()), (by, name, asked)
