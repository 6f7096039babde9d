"""What an answer to a write says of each mark, what is sent together, and what is looked at before any is."""

import tomllib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from mbls_adapter_rest.acks import results_of
from mbls_adapter_rest.options_write import WritePart

from mbls_sync.errors import AuthRejected, BadPayload
from mbls_sync.model.deliveries import Accepted, MarkKey, MarkWrite, Refused, Unknown
from mbls_sync.model.marks import Mark, MarkDetail
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import ZONE, the_calendar
from mbls_sync.testing.fake_http import SECRET, Said, some_pupils
from mbls_sync.testing.fake_rest import CODES, FakeRest

EXAMPLE = Path(__file__).parents[1] / "examples" / "plain-rest.toml"
DAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 15, tzinfo=ZONE)
EACH = {"type": "sync_body", "results": "r", "status": "s", "ok": ["ok"], "reason": "why"}
NO = Refused("HTTP 422")


def part(ack, atomicity):
    return WritePart.model_validate({"path": "/w", "row": {"a": "{code}"}, "ack": ack, "atomicity": atomicity})


def kinds(results):
    return [type(result).__name__ for result in results]


@pytest.mark.parametrize(
    ("ack", "atomicity", "whole", "document", "gives"),
    [
        (EACH, "per_row", Accepted(), {"r": [{"s": "ok"}, {"s": "no", "why": "late"}]}, ["Accepted", "Refused"]),
        (EACH, "all_or_nothing", Accepted(), {"r": [{"s": "ok"}, {"s": "no"}]}, ["Refused", "Refused"]),
        (EACH, "per_row", NO, {"r": [{"s": "ok"}, {"s": "no"}]}, ["Accepted", "Refused"]),
        (EACH, "per_row", Accepted(), {"r": [{"s": "ok"}]}, ["Unknown", "Unknown"]),
        (EACH, "per_row", Accepted(), None, ["Unknown", "Unknown"]),
        (EACH, "per_row", Accepted(), {"r": [{"s": "ok"}, {"z": "ok"}]}, ["Accepted", "Unknown"]),
        (EACH, "all_or_nothing", Accepted(), {"r": [{"s": "ok"}, {"z": "ok"}]}, ["Accepted", "Unknown"]),
        (EACH, "per_row", Unknown("lost"), {"r": [{"s": "ok"}, {"s": "ok"}]}, ["Unknown", "Unknown"]),
        ({"type": "status_only"}, "all_or_nothing", NO, None, ["Refused", "Refused"]),
        ({"type": "status_only"}, "unknown", NO, None, ["Unknown", "Unknown"]),
        ({"type": "status_only"}, "per_row", NO, None, ["Unknown", "Unknown"]),
        ({"type": "status_only"}, "unknown", Accepted(), None, ["Accepted", "Accepted"]),
    ],
)
def test_each_mark_gets_what_can_be_said_of_it_and_no_more(ack, atomicity, whole, document, gives):
    assert kinds(results_of(part(ack, atomicity), whole, document, 2)) == gives


def test_a_single_mark_that_was_refused_is_refused_whatever_the_atomicity():
    assert results_of(part({"type": "status_only"}, "unknown"), NO, None, 1) == [NO]


@pytest.fixture
def mis():
    fake = FakeRest(some_pupils(4), page_rows=200)
    fake.fill(the_calendar(), 10, last=DAY)
    return fake


@pytest.fixture
def adapter(mis, serve, opened, tmp_path):
    def start(change=lambda text: text):
        (tmp_path / "secrets").mkdir(exist_ok=True)
        (tmp_path / "secrets" / "mis-key").write_text(SECRET)
        text = change(EXAMPLE.read_text(encoding="utf-8").replace("https://mis.example", serve(mis)))
        return opened(tomllib.loads(text)["sources"]["mis"]["options"], now=NOW)

    return start


def a_write(pupil, code="I", period=Period.AM, **detail):
    told = MarkDetail(**detail) if detail else None
    return MarkWrite(f"k{pupil.id}{period}", Mark(pupil.pupil, Session(DAY, period), code, told), "/", "made up")


def test_marks_of_one_session_go_together_where_the_mis_wants_it_so(mis, adapter):
    source = adapter(lambda text: text.replace("batch_size = 50", 'batch_size = 2\ngroup_by = "session"'))
    writes = [a_write(pupil, period=period) for pupil in mis.pupils[:3] for period in Period]
    assert kinds(source.push(writes)) == ["Accepted"] * 6
    sent = [[row["session"] for row in asked.json["marks"]] for asked in mis.asked if asked.method == "POST"]
    assert [len(rows) for rows in sent] == [2, 1, 2, 1]
    assert all(len(set(rows)) == 1 for rows in sent)


def test_one_call_holds_the_register_of_one_class(mis, adapter):
    mis.pupils = [replace(pupil, group="2T" if n < 2 else "1A") for n, pupil in enumerate(mis.pupils)]
    change = {
        'group_by = "session"': 'group_by = "class"',
        'path = "/attendance"\nwrap': 'path = "/attendance"\nheaders = { X-Class = "{class}", X-Once = "{key}" }\nwrap',
    }

    def changed(text):
        text = text.replace("batch_size = 50", 'batch_size = 50\ngroup_by = "class"')
        for old, new in change.items():
            text = text.replace(old, new)
        return text

    source = adapter(changed)
    writes = [a_write(pupil) for pupil in mis.pupils]
    assert kinds(source.push(writes)) == ["Accepted"] * 4
    sent = [asked for asked in mis.asked if asked.method == "POST"]
    assert [(asked.headers["x-class"], len(asked.json["marks"])) for asked in sent] == [("2T", 2), ("1A", 2)]
    keys = [asked.headers["x-once"] for asked in sent]
    source.push(writes)
    again = [asked.headers["x-once"] for asked in mis.asked if asked.method == "POST"][2:]
    assert again == keys, "the same marks have the same key, whenever they are sent"
    assert len(set(keys)) == 2


def test_a_class_that_the_mis_calls_by_an_id_is_written_by_it(mis, adapter):
    source = adapter(
        lambda text: text.replace('class_name = "class"', 'class_name = "class"\nclass_id = "id"').replace(
            'code = "{code}" }', 'code = "{code}", group = "{class}" }'
        )
    )
    source.push([a_write(mis.pupils[0])])
    (asked,) = [asked for asked in mis.asked if asked.method == "POST"]
    assert asked.json["marks"][0]["group"] == mis.pupils[0].id


def test_writing_by_class_without_any_class_stops_the_start(adapter):
    with pytest.raises(ValueError, match="write speaks of classes"):
        adapter(lambda text: text.replace('class_name = "class"\n', "").replace("{session}", "{class}"))


@pytest.mark.parametrize("place", ["body = { for = '{clas}' }", "headers = { X-For = '{clas}' }"])
def test_a_name_that_stands_for_nothing_is_refused_wherever_it_stands(adapter, place):
    with pytest.raises(ValueError, match=r"\{clas\} in it, which stands for nothing"):
        adapter(lambda text: text.replace('wrap = "marks"', f'wrap = "marks"\n{place}'))


def test_a_day_that_is_asked_for_by_moments_is_read_back_whole(mis, adapter):
    form = 'look_back_days = 28, format = "%Y-%m-%dT%H:%M:%S"'
    source = adapter(lambda text: text.replace("look_back_days = 28", form))
    source.read([MarkKey(mis.pupils[0].pupil, Session(DAY, Period.PM))])
    asked = mis.asked[-1].query
    assert (asked["from"], asked["to"]) == (f"{DAY}T00:00:00", f"{DAY}T23:59:59")


def test_a_table_that_cannot_be_read_is_said_once_and_the_look_goes_on(mis, adapter):
    source = adapter(lambda text: text.replace('path = "/codes"', 'path = "/no-such-list"'))
    reports = {probe.report.name: probe.report.ok for probe in source.probe()}
    assert reports == {"table codes": False, "pupils": True, "marks": True, "writing": True}


def test_an_mis_that_asks_to_be_left_alone_between_two_calls_is_sent_no_third(mis, adapter, monkeypatch):
    answer = mis.answer
    monkeypatch.setattr(
        mis, "answer", lambda asked: Said("", 429) if asked.method == "POST" and mis.writes else answer(asked)
    )
    source = adapter(lambda text: text.replace("batch_size = 50", "batch_size = 1"))
    assert kinds(source.push([a_write(pupil) for pupil in mis.pupils])) == ["Accepted", "NotSent", "NotSent", "NotSent"]
    assert len([asked for asked in mis.asked if asked.method == "POST"]) == 2


def test_results_keep_the_order_in_which_they_were_asked(mis, adapter):
    stranger = some_pupils(9)[8]
    writes = [a_write(mis.pupils[0]), a_write(stranger), a_write(mis.pupils[1], "Q"), a_write(mis.pupils[2])]
    assert kinds(adapter().push(writes)) == ["Accepted", "Refused", "Refused", "Accepted"]


def test_minutes_are_sent_where_they_are_known_and_left_out_where_not(mis, adapter):
    source = adapter(lambda text: text.replace('code = "{code}" }', 'code = "{code}", minutes = "{minutes}" }'))
    source.push([a_write(mis.pupils[0], "L", minutes_late=12), a_write(mis.pupils[1])])
    (asked,) = [asked for asked in mis.asked if asked.method == "POST"]
    assert [row.get("minutes") for row in asked.json["marks"]] == [12, None]
    assert "minutes" not in asked.json["marks"][1]


def test_the_code_map_says_what_the_mis_knows_and_what_may_not_be_written(mis, adapter):
    found = adapter().code_map()
    assert set(found) == set(CODES.values())
    assert [code for code, why in found.items() if why] == ["X"]


def test_no_right_to_write_is_said_before_the_first_write(mis, adapter):
    mis.may_write = False
    with pytest.raises(AuthRejected):
        adapter().code_map()
    assert mis.writes == []


def test_two_different_marks_for_one_session_are_not_chosen_from(mis, adapter, monkeypatch):
    rows = mis.rows_of_marks
    monkeypatch.setattr(
        mis, "rows_of_marks", lambda *span: [*rows(*span), (mis.pupils[0].id, Session(DAY, Period.AM), "N")]
    )
    with pytest.raises(BadPayload, match="two different marks"):
        adapter().read([MarkKey(mis.pupils[0].pupil, Session(DAY, Period.AM))])


def test_a_calendar_that_is_not_ours_is_said_with_a_day(mis, adapter):
    days = [day for day in the_calendar().school_days if day.year == 2026][:20]
    mis.lists["events"] = [{"day": day.isoformat()} for day in [*days[:10], *days[11:]]]
    table = '[sources.mis.options.tables.calendar]\npath = "/events"\nselect = "data"\nkey = "day"\nvalue = "day"\n\n'
    marker = "[sources.mis.options.resources.pupils]"
    source = adapter(lambda text: text.replace(marker, table + marker, 1))
    report = next(probe.report for probe in source.probe() if probe.report.name == "calendar")
    assert not report.ok
    assert days[10].isoformat() in report.says
