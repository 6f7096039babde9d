"""An MIS that speaks XML and CSV and is asked and written by class: what its configuration says is what is sent."""

import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest
from mbls_adapter_rest.encoding import encoded, known
from mbls_adapter_rest.options import Options

from mbls_sync.errors import Busy, Rejected
from mbls_sync.model.deliveries import MarkWrite
from mbls_sync.model.marks import Mark, MarkDetail
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import ZONE, the_calendar
from mbls_sync.testing.fake_http import SECRET, some_pupils
from mbls_sync.testing.fake_larkfield import FakeLarkfield, Text

EXAMPLE = Path(__file__).parents[1] / "examples" / "xml-by-class.toml"
DAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 15, tzinfo=ZONE)


def configured(url="http://127.0.0.1:1"):
    text = EXAMPLE.read_text(encoding="utf-8").replace("https://lark.example", url)
    return tomllib.loads(text)["sources"]["lark"]["options"]


@pytest.fixture
def mis():
    fake = FakeLarkfield(some_pupils(5))
    fake.fill(the_calendar(), 3, last=DAY)
    return fake


@pytest.fixture
def adapter(mis, serve, opened, tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "larkfield").write_text(SECRET)
    return opened(configured(serve(mis)), now=NOW)


def test_a_look_at_one_page_of_pupils_does_not_call_the_others_strangers(mis, adapter):
    reports = {probe.report.name: probe.report for probe in adapter.probe()}
    assert all(report.ok for report in reports.values()), reports
    assert ", 0 not" in reports["marks"].says


def test_a_fault_that_says_when_to_come_again_is_heard(mis, adapter, monkeypatch):
    list(adapter.pull({}))
    monkeypatch.setattr(mis, "answer", lambda _: Text('<Fault no="12" retry="300"/>'))
    with pytest.raises(Busy) as error:
        list(adapter.pull({}))
    assert error.value.retry_after == 300


def test_a_fault_in_place_of_a_page_of_csv_is_not_the_end_of_the_list(mis, adapter, monkeypatch):
    pupils = mis._pupils
    monkeypatch.setattr(
        mis, "_pupils", lambda asked: "<Fault no='17'/>" if asked.query["from"] == "3" else pupils(asked)
    )
    with pytest.raises(Rejected):
        list(adapter.pull({}))


def test_a_list_within_rows_that_is_called_otherwise_is_named(mis, serve, opened, tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "larkfield").write_text(SECRET)
    options = configured(serve(mis))
    options["resources"]["marks"]["each"] = "Entries"
    report = next(probe.report for probe in opened(options, now=NOW).probe() if probe.report.name == "marks")
    assert "none has a list at each = 'Entries'" in report.says
    assert "date, sitting, Entry" in report.mend


def test_no_right_to_write_is_heard_though_it_is_said_within_a_200(mis, adapter, monkeypatch):
    answer = mis.answer
    monkeypatch.setattr(
        mis, "answer", lambda asked: Text('<Fault no="17"/>') if asked.path == "/lf/rights.xml" else answer(asked)
    )
    with pytest.raises(Rejected):
        adapter.code_map()
    assert next(probe.report for probe in adapter.probe() if probe.report.name == "writing").ok is False


def test_the_marks_of_a_register_go_in_one_call_as_xml(mis, adapter):
    late = MarkDetail(minutes_late=12)
    writes = [
        MarkWrite(f"k{n}", Mark(pupil.pupil, Session(DAY, Period.AM), "L", late if n == 0 else None), "/", "made up")
        for n, pupil in enumerate(mis.pupils)
    ]
    adapter.push(writes)
    sent = sorted(asked.body.decode().splitlines()[1] for asked in mis.asked if asked.path.endswith("/registers"))
    assert sent[0].startswith('<Register date="20261117" sitting="1" by="sync">')
    assert '<Entry pupil="P7001" code="13" late="12" />' in sent[0]
    assert sent[1] == (
        '<Register date="20261117" sitting="1" by="sync"><Entry pupil="P7002" code="13" />'
        '<Entry pupil="P7004" code="13" /></Register>'
    )


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"A": {"@b": 1, "C": ["x", "y"]}}, '<A b="1"><C>x</C><C>y</C></A>'),
        ({"A": {"C": [{"@d": "<&>"}], "": "z"}}, '<A>z<C d="&lt;&amp;&gt;" /></A>'),
        ({"A": "b"}, "<A>b</A>"),
    ],
)
def test_xml_is_written_as_it_is_read(document, text):
    assert encoded(document, "xml").decode().splitlines()[1] == text


def test_what_nobody_knows_is_left_out_however_deep_it_stands():
    assert known({"a": None, "b": {"c": None}, "d": [{"e": None, "f": 1}], "g": {}}) == {"d": [{"f": 1}], "g": {}}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda o: o["write"].update(body={"Other": {}}), "XML has one element around all"),
        (lambda o: o["read_back"].update(path=""), "read_back asks for {parent}"),
        (lambda o: o["resources"]["marks"].update(delimiter=";"), "delimiter divides the cells"),
        (lambda o: [o["resources"]["pupils"]["fields"].pop(name) for name in ("class_id", "class_name")], "of classes"),
    ],
)
def test_a_slip_is_refused_before_anything_is_sent(change, says):
    options = configured()
    change(options)
    with pytest.raises(ValueError, match=says):
        Options.model_validate(options)
