"""What an LA would run over a file from a school, written from its profile alone: it imports nothing of the sender.

It reads `config/la/<LA>.yaml` and the files, and answers with complaints; none is acceptance.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import yaml

PATTERNS = {
    "laestab": r"\d{7}",
    "la_code": r"\d{3}",
    "establishment": r"\d{4}",
    "period": r"(?P<period>[a-z0-9]+(?:-[a-z0-9]+)*)",
    "number": r"\d{3}",
}
DATES = ("born", "admitted", "left", "episode_first", "episode_last", "last_action_on", "expected_back", "start_there")
COUNTS = ("possible", "attended", "authorised", "unauthorised", "n_left", "episode_days", "episode_sessions")
ENDINGS = {"csv": ".csv", "xlsx": ".xlsx", "fill-sheet": ".html"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def receive(profile: Path, name: str, folder: Path, day: date) -> list[str]:
    """What is wrong with the return called `name` that lies in `folder`; it was made on `day`."""
    known = yaml.load(profile.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    stated = known["returns"][name]
    form = stated[max(since for since in stated if since <= day.isoformat())]
    pattern = _file_name(form.get("file_name", "{laestab}_{return}_{period}_{number}"), name, ENDINGS[form["format"]])
    files = [file for file in folder.iterdir() if re.fullmatch(pattern, file.name)]
    if len(files) != 1:
        return [f"{len(files)} files are called {pattern}"]
    try:
        heads, rows = READERS[form["format"]](files[0].read_bytes(), form)
    except (ValueError, csv.Error) as error:
        return [f"cannot be read: {error}"]
    matched = re.fullmatch(pattern, files[0].name)
    until = _last_day(matched["period"] if matched else "", day)
    return list(_complaints(form, known["la_code"], heads, rows, until))


def _complaints(
    form: dict[str, Any], la_code: str, heads: list[str], rows: list[list[str]], until: date
) -> Iterator[str]:
    columns = form["columns"]
    if heads != [column["head"] for column in columns]:
        yield f"the columns are {heads}"
        return
    if not rows:
        yield "nobody stands in it"
    for number, row in enumerate(rows, start=1):
        cells = dict(zip((column["field"] for column in columns), row, strict=True))
        for column, cell in zip(columns, row, strict=True):
            if column.get("required") == "yes" and not cell:
                yield f"row {number}: {column['head']} is empty"
            if column["field"] in DATES and cell and _day(cell) is None:
                yield f"row {number}: {column['head']} is no date"
            if column["field"] in COUNTS and cell and not cell.isdecimal():
                yield f"row {number}: {column['head']} is no count"
            if column["field"] == "laestab" and not re.fullmatch(rf"{la_code}\d{{4}}", cell):
                yield f"row {number}: the school is not one of {la_code}"
            if cell.startswith(FORMULA):
                yield f"row {number}: {column['head']} starts a formula"
        born = _day(cells.get("born", ""))
        if form.get("csa_only") == "yes" and (born is None or until < _school_age(born)):
            yield f"row {number}: below compulsory school age"
        if cells.get("upn") and not re.fullmatch(r"[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]", cells["upn"]):
            yield f"row {number}: no UPN"
    naming = [place for place, column in enumerate(columns) if column["field"] in ("upn", "full_name", "born")]
    if len({tuple(row[place] for place in naming) for row in rows}) != len(rows):
        yield "a child stands in it twice"


def _file_name(template: str, name: str, ending: str) -> str:
    parts = re.split(r"\{(\w+)\}", template)
    return "".join(
        ({**PATTERNS, "return": re.escape(name)}[part] if place % 2 else re.escape(part))
        for place, part in enumerate(parts)
    ) + re.escape(ending)


def _csv(data: bytes, form: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    encoding = form.get("encoding", "utf-8")
    if encoding == "utf-8" and data.startswith(b"\xef\xbb\xbf"):
        raise ValueError("a byte order mark where none was agreed")
    if b"\r\n" not in data:
        raise ValueError("the lines do not end in CR LF")
    heads, *rows = csv.reader(io.StringIO(data.decode(encoding), newline=""), strict=True)
    if any(re.fullmatch(r"\d\d/\d\d/\d{4}", cell) for row in rows for cell in row):
        raise ValueError("a date is not written 2026-11-30")
    return heads, rows


def _xlsx(data: bytes, form: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    if any(cell.data_type == "f" for row in page.iter_rows() for cell in row):
        raise ValueError("a cell runs a formula")
    wanted = [column["head"] for column in form["columns"]]
    lines = [[_text(value) for value in row] for row in page.iter_rows(values_only=True)]
    if wanted not in lines:
        raise ValueError("there is no row of heads")
    body = lines[lines.index(wanted) + 1 :]
    end = next((place for place, line in enumerate(body) if not any(line)), len(body))
    return wanted, body[:end]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.date().isoformat() if hasattr(value, "date") else str(value)


class _Sheet(HTMLParser):
    """The label and value pairs of each form of a sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self._in: str = ""
        self._quiet = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object"):
            raise ValueError("the page would run something")
        if tag == "dl":
            self.forms.append([])
        if tag == "dt":
            self.forms[-1].append(("", ""))
        if tag in ("dt", "dd"):
            self._in = tag
            self._quiet = ("class", "quiet") in attrs or ("class", "missing") in attrs

    def handle_endtag(self, tag: str) -> None:
        self._in = "" if tag in ("dt", "dd") else self._in

    def handle_data(self, data: str) -> None:
        if self._in and not (self._in == "dd" and self._quiet):
            head, value = self.forms[-1][-1]
            self.forms[-1][-1] = (head + data, value) if self._in == "dt" else (head, value + data)


def _sheet(data: bytes, form: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    page = _Sheet()
    page.feed(data.decode("utf-8"))
    heads = [[head.strip() for head, _ in fields] for fields in page.forms]
    if any(one != heads[0] for one in heads):
        raise ValueError("the forms differ")
    return heads[0] if heads else [], [[value.strip() for _, value in fields] for fields in page.forms]


READERS = {"csv": _csv, "xlsx": _xlsx, "fill-sheet": _sheet}


def _day(text: str) -> date | None:
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text)
    except ValueError:
        return None


def _last_day(period: str, day: date) -> date:
    """The last day that a return of this period is about; the day it was made for a term."""
    month = re.fullmatch(r"(\d{4})-(\d\d)", period)
    if month:
        return date(int(month[1]) + int(month[2]) // 12, int(month[2]) % 12 + 1, 1) - timedelta(days=1)
    return _day(period) or day


def _school_age(born: date) -> date:
    """31 August, 31 December or 31 March on or after the fifth birthday."""
    fifth = date(born.year + 5, born.month, min(born.day, 28))
    limits: Sequence[date] = [date(fifth.year, 3, 31), date(fifth.year, 8, 31), date(fifth.year, 12, 31)]
    return next(limit for limit in limits if fifth <= limit)
