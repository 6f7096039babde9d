"""A slip in the settings is found before anything is sent, and said with its place and how it is mended."""

import codecs
import json

import pytest
from mbls_adapter_rest.bodies import decoded
from mbls_adapter_rest.options import Options
from mbls_adapter_rest.parts import row_text
from mbls_adapter_rest.paths import places_in
from mbls_adapter_rest.secrets import secret
from pydantic import ValidationError

from mbls_sync.errors import ConfigurationError
from mbls_sync.testing.fake_http import FakeHttpMis, Said


def options(**marks):
    code = marks.pop("code", "mark")
    day = marks.pop("day", "date")
    fields = {"upn": "upn", "day": day, "session": "half", "code": code}
    part = {"path": "/marks", "pager": {"type": "none"}, "fields": fields, **marks}
    return {"base_url": "http://127.0.0.1:1/api", "resources": {"marks": part}}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (options(select="data[*.rows"), "is no JMESPath: "),
        (options(code={"path": "c", "steps": [{"lookup": "code"}]}), "marks.fields.code looks things up in 'code'"),
        (options(code={"path": "c", "steps": ["lower"]}), "'lower' is no step; strip and upper"),
        (options(day={"path": "d", "steps": [{"date": "dd/mm/yyyy"}]}), "17/11/2026 is %d/%m/%Y"),
        (options(day={"path": "d", "steps": [{"date": "%d/%q/%Y"}]}), "no form of a date"),
        (options(incremental={"start_param": "from", "format": "yyyy-mm-dd"}), "no form of a date"),
    ],
)
def test_a_slip_is_refused_with_how_it_is_mended(given, says):
    with pytest.raises(ValidationError, match=says):
        Options.model_validate(given)


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%Y%m%d", "%d %b %y", "%Y-%m-%dT00:00:00", "%I:%M %p"])
def test_a_form_that_reads_back_is_taken(form):
    assert Options.model_validate(options(day={"path": "d", "steps": [{"date": form}]}))


def test_a_key_saved_with_a_byte_order_mark_is_the_key(tmp_path):
    (tmp_path / "key").write_bytes(codecs.BOM_UTF8 + b"made-up-key\r\n")
    part = Options.model_validate({**options(), "headers": {"X-Key": {"file": "key"}}})
    assert secret(part.headers["X-Key"], tmp_path) == "made-up-key"


def test_a_key_saved_by_powershell_is_refused_by_what_to_do(tmp_path):
    (tmp_path / "key").write_text("made-up-key", encoding="utf-16")
    part = Options.model_validate({**options(), "headers": {"X-Key": {"file": "key"}}})
    with pytest.raises(ConfigurationError, match=r"key: .*save it as UTF-8"):
        secret(part.headers["X-Key"], tmp_path)


class OneRow(FakeHttpMis):
    """An MIS that takes its key in the address."""

    def answer(self, asked):
        row = {"upn": self.pupils[0].upn, "date": "2026-11-17", "half": "AM", "mark": "/"}
        return Said([row] if asked.query.get("key") == "made-up-key" else [])


def test_a_key_in_the_address_is_a_secret_too(tmp_path, opened, serve):
    (tmp_path / "key").write_text("made-up-key")
    given = {**options(), "base_url": serve(OneRow()), "params": {"key": {"file": "key"}}}
    assert "made-up-key" not in repr(Options.model_validate({**given, "params": {"key": "made-up-key"}}))
    pages = list(opened(given).pull({}))
    assert sum(len(page.marks) for page in pages) == 1


def test_what_connect_names_are_whole_paths_and_no_values():
    body = {"Envelope": {"Ok": True, "Payload": {"Things": [{"secret": 1}], "After": "t"}}}
    assert places_in(body, 9) == ["Envelope.Ok", "Envelope.Payload.Things", "Envelope.Payload.After"]


def test_a_row_nested_without_end_is_shown_as_such_and_stops_nothing():
    deep = {}
    for _ in range(2000):
        deep = {"a": deep}
    assert places_in(deep, 9) == [".".join("a" * 9)]
    assert "nested too deeply" in row_text(deep)


def test_no_number_of_json_is_no_value():
    assert decoded(b'{"late": NaN, "x": [Infinity, -Infinity]}', "json") == {"late": None, "x": [None, None]}


def test_a_csv_that_excel_saved_as_unicode_is_read():
    text = "upn,day\r\nX1,2026-11-17\r\n"
    assert decoded(text.encode("utf-16"), "csv") == [{"upn": "X1", "day": "2026-11-17"}]
    assert decoded(json.dumps({"a": 1}).encode("utf-16"), "json") == {"a": 1}
