"""An MIS in trouble in the middle of a list: what came is kept, the rest comes once it is well, none comes twice."""

import itertools
import json
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest

from mbls_sync.errors import MisError
from mbls_sync.testing.builders import ZONE, the_calendar
from mbls_sync.testing.fake_http import SECRET, Said, some_pupils
from mbls_sync.testing.fake_rest import FakeRest

EXAMPLE = Path(__file__).parents[1] / "examples" / "plain-rest.toml"
NOW = datetime(2026, 11, 17, 15, tzinfo=ZONE)
TROUBLES = {
    "json that is cut": lambda said: Said(json.dumps(said.value)[:-30]),
    "a page of the web": lambda _: Said("<html>we are down</html>"),
    "another host": lambda _: Said("", 302, {"Location": "http://127.0.0.1:1/api/attendance"}),
    "left alone until a date": lambda _: Said("", 429, {"Retry-After": "Tue, 17 Nov 2026 16:00:00 GMT"}),
    "out of order": lambda _: Said("", 503),
    "a fault that no rule names": lambda _: Said({"fault": {"text": "made up"}}),
    "no list where it stood": lambda _: Said({"data": {"a": [1]}}),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_came_is_kept_and_the_rest_comes_later(serve, opened, tmp_path, monkeypatch, trouble):
    mis = FakeRest(some_pupils(4), page_rows=20)
    mis.fill(the_calendar(), 12, last=date(2026, 11, 17))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "mis-key").write_text(SECRET)
    text = EXAMPLE.read_text(encoding="utf-8").replace("https://mis.example", serve(mis))
    # One span: what a walk in several had read of the days that a new one looks back on comes again, to be compared.
    text = text.replace("max_span_days = 90", "first = 2026-10-01")
    options = {**tomllib.loads(text)["sources"]["mis"]["options"], "rows_at_once": 20}
    answer, goes_wrong = mis.answer, itertools.chain([True], itertools.repeat(False))

    def answers(asked):
        said = answer(asked)
        is_third = asked.path.endswith("/attendance") and asked.query.get("page") == "3"
        return TROUBLES[trouble](said) if is_third and next(goes_wrong) else said

    monkeypatch.setattr(mis, "answer", answers)
    adapter, stored = opened({**options, "http": {"attempts": 1}}, now=NOW), []

    def pull():
        for page in adapter.pull({}):
            stored.append(page)
            adapter.committed(page)

    with pytest.raises(MisError):
        pull()
    cursors = {page.stream: page.cursor for page in stored}
    rest = list(opened(options, now=NOW).pull(cursors))
    marks = [(row.pupil, row.day, row.period) for page in [*stored, *rest] for row in page.marks]
    assert len(marks) == len(set(marks)) == len(mis.marks)
