from datetime import date, time
from decimal import Decimal

import pytest

from mbls_sync.errors import NotInForce, ParameterError
from mbls_sync.policy.load import load_parameters
from mbls_sync.policy.places import parameter_folder, shipped_config
from mbls_sync.policy.view import PolicyAt

STARTS_AT = """\
describes: When the office starts to call.
kind: time
review_by: 2027-09-01
values:
  2023-09-01:
    value: 09:15
    cites: Attendance Policy 2023, Absence procedures
    says: the office starts to call at 9.15
  2022-09-01:
    value: 09:30
    cites: Attendance Policy 2022, Absence procedures
    says: the office starts to call at 9.30
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "first_day_calling").mkdir()
    return tmp_path


def put(folder, text, name="first_day_calling/starts_at.yaml"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def of_kind(kind, value):
    return f"describes: d\nkind: {kind}\nvalues:\n  2023-09-01: {{value: {value}, cites: c, says: s}}\n"


def test_the_path_is_the_name_and_the_value_is_that_of_the_day(folder):
    parameters = load_parameters(put(folder, STARTS_AT))
    assert list(parameters) == ["first_day_calling.starts_at"]
    assert PolicyAt(parameters, date(2023, 9, 1)).time_of_day("first_day_calling.starts_at") == time(9, 15)
    assert PolicyAt(parameters, date(2023, 8, 31)).time_of_day("first_day_calling.starts_at") == time(9, 30)
    assert parameters["first_day_calling.starts_at"].review_by == date(2027, 9, 1)


def test_before_its_first_value_a_parameter_is_not_in_force(folder):
    parameters = load_parameters(put(folder, STARTS_AT))
    with pytest.raises(NotInForce, match=r"first_day_calling.starts_at has no value on 2022-08-31"):
        PolicyAt(parameters, date(2022, 8, 31)).time_of_day("first_day_calling.starts_at")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("time", "10:30", time(10, 30)),
        ("count", "10", 10),
        ("days", "0", 0),
        ("percent", "92.5", Decimal("92.5")),
        ("text", "'4.10'", "4.10"),
        ("flag", "yes", True),
        ("flag", "no", False),
        ("table", "{ill: I, '#': none}", (("ill", "I"), ("#", "none"))),
        ("time", "", None),
    ],
)
def test_a_value_is_typed_once_by_its_kind(folder, kind, text, value):
    parameter = load_parameters(put(folder, of_kind(kind, text)))["first_day_calling.starts_at"]
    assert parameter.values[0].value == value
    assert type(parameter.values[0].value) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("time", "9:15"),
        ("time", "24:00"),
        ("time", "0915"),
        ("count", "-1"),
        ("count", "1.5"),
        ("days", "²"),
        ("percent", "101"),
        ("percent", "NaN"),
        ("percent", "93%"),
        ("flag", "y"),
        ("text", "[a]"),
        ("table", "a"),
        ("tme", "09:15"),
    ],
)
def test_a_value_that_its_kind_cannot_read_stops_the_start(folder, kind, text):
    with pytest.raises(ParameterError, match=r"starts_at\.yaml:\d"):
        load_parameters(put(folder, of_kind(kind, text)))


@pytest.mark.parametrize(
    "line", ["cites: Attendance Policy 2023, Absence procedures", "says: the office starts to call at 9.15"]
)
def test_every_value_says_what_put_it_there(folder, line):
    with pytest.raises(ParameterError, match="lacks"):
        load_parameters(put(folder, STARTS_AT.replace(f"    {line}\n", "")))
    with pytest.raises(ParameterError, match="empty"):
        load_parameters(put(folder, STARTS_AT.replace(line, line.split(":")[0] + ":")))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2022-09-01", "2023-09-01", "twice"),
        ("2022-09-01", "2022-9-1", "no date"),
        ("review_by", "review_at", "unknown key"),
        ("describes: When the office starts to call.", "describes:", "empty"),
    ],
)
def test_a_file_that_is_not_exactly_right_stops_the_start(folder, old, new, problem):
    with pytest.raises(ParameterError, match=problem):
        load_parameters(put(folder, STARTS_AT.replace(old, new)))


def test_a_parameter_without_a_value_is_refused(folder):
    with pytest.raises(ParameterError, match="has no value"):
        load_parameters(put(folder, "describes: d\nkind: time\nvalues:\n"))


@pytest.mark.parametrize("name", ["first_day_calling/starts_at.yml", "first_day_calling/Starts-At.yaml"])
def test_a_file_that_would_not_be_read_or_not_be_found_is_refused(folder, name):
    with pytest.raises(ParameterError, match=r"rename it|snake_case"):
        load_parameters(put(folder, STARTS_AT, name))


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(ParameterError, match="not a folder"):
        load_parameters(tmp_path / "nowhere")


def test_a_parameter_that_no_file_defines_is_named(folder):
    with pytest.raises(ParameterError, match=r"no parameter is called no\.such"):
        PolicyAt({}, date(2026, 9, 1)).count("no.such")


def test_a_duty_that_ended_is_no_longer_in_force(folder):
    ended = STARTS_AT + "  2026-09-01: {value: , cites: decided by the head, says: the office no longer calls}\n"
    parameters = load_parameters(put(folder, ended))
    assert PolicyAt(parameters, date(2026, 8, 31)).is_in_force("first_day_calling.starts_at")
    assert not PolicyAt(parameters, date(2026, 9, 1)).is_in_force("first_day_calling.starts_at")
    with pytest.raises(NotInForce, match=r"first_day_calling\.starts_at has ended: its value is empty since 2026-09"):
        PolicyAt(parameters, date(2026, 9, 1)).time_of_day("first_day_calling.starts_at")


def test_the_shipped_policy_is_exactly_right():
    parameters = load_parameters(parameter_folder(shipped_config()))
    assert parameters["first_day_calling.starts_at"].on(date(2026, 9, 1)).value == time(9, 15)
