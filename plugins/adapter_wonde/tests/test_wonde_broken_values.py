"""A value of Wonde's that means nothing costs a row or an answer, never a pass."""

from typing import Any

import pytest
from mbls_adapter_wonde.wire import BadValue, day_of, document

from mbls_sync.api import BadPayload
from mbls_sync.testing.builders import ZONE


@pytest.mark.parametrize(
    "value",
    [
        {"date": "2026-01-01 00:00:00.000000", "timezone_type": 1, "timezone": "+99:99"},
        {"date": "0001-01-01 00:00:00.000000", "timezone_type": 1, "timezone": "+14:00"},
        {"date": "9999-12-31 23:59:59.000000", "timezone_type": 1, "timezone": "-12:00"},
    ],
)
def test_a_date_that_no_calendar_holds_costs_its_row_only(value: Any) -> None:
    with pytest.raises(BadValue):
        day_of(value, ZONE)


def test_an_answer_that_says_a_name_twice_is_not_taken() -> None:
    with pytest.raises(BadPayload, match="says 'session' twice in one object"):
        document(b'{"data": [{"id": "A1", "session": "AM", "session": "PM"}]}', "attendance")


def test_an_answer_nested_without_end_is_an_answer_that_cannot_be_read() -> None:
    with pytest.raises(BadPayload, match="no whole JSON"):
        document(b'{"data":' + b"[" * 200_000, "students")
