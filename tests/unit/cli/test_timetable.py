"""When passes are due: dense while registers open, none in quiet hours or on a closed day, each once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.policy.calendars import load_calendar
from mbls_sync.policy.load import load_parameters
from mbls_sync.policy.places import calendar_folder, parameter_folder, shipped_config
from mbls_sync.policy.view import PolicyAt
from mbls_sync.timetable import Timetable

LONDON = ZoneInfo("Europe/London")
PARAMETERS = load_parameters(parameter_folder(shipped_config()))
CALENDAR = load_calendar(calendar_folder(shipped_config()), LONDON)
TIMETABLE = Timetable(CALENDAR, lambda day: PolicyAt(PARAMETERS, day))
TUESDAY = date(2026, 11, 24)


def at(day, clock):
    return datetime.fromisoformat(f"{day.isoformat()}T{clock}").replace(tzinfo=LONDON)


def keys(day):
    return [slot.key[11:] for slot in TIMETABLE.slots(day)]


def test_passes_are_close_together_while_registers_open():
    assert [key for key in keys(TUESDAY) if "08:45" <= key <= "09:30"] == [
        f"{8 + minute // 60:02}:{minute % 60:02}" for minute in range(45, 91)
    ]


def test_the_rest_of_the_day_has_a_pass_every_quarter_of_an_hour():
    assert [key for key in keys(TUESDAY) if key >= "09:30"][:4] == ["09:30", "09:45", "10:00", "10:15"]
    assert keys(TUESDAY)[0] == "07:00"


def test_there_is_none_in_quiet_hours():
    assert all("07:00" <= key < "18:00" for key in keys(TUESDAY))
    assert TIMETABLE.slot_to_serve(at(TUESDAY, "18:00")) is None
    assert TIMETABLE.slot_to_serve(at(TUESDAY, "06:59")) is None


@pytest.mark.parametrize(("clock", "open_"), [("06:59", False), ("07:00", True), ("17:59", True), ("18:00", False)])
def test_a_pass_may_run_from_the_first_minute_after_quiet_hours_to_the_last_before_them(clock, open_):
    assert TIMETABLE.is_open(at(TUESDAY, clock)) is open_


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 10, 28), date(2026, 12, 25), date(2050, 1, 4)])
def test_there_is_none_on_a_closed_day_or_where_no_calendar_is_known(day):
    assert TIMETABLE.slots(day) == ()
    assert TIMETABLE.slot_to_serve(at(day, "09:15")) is None


def test_after_a_friday_comes_monday():
    friday = at(date(2026, 11, 20), "17:50")
    assert TIMETABLE.next_slot(friday).key == "2026-11-23T07:00"


def test_over_a_holiday_the_next_pass_is_the_first_day_of_term():
    assert TIMETABLE.next_slot(at(date(2026, 12, 24), "12:00")).key[:10] == min(
        day.isoformat() for day in CALENDAR.school_days if day > date(2026, 12, 24)
    )


def test_where_the_calendars_end_nothing_is_due():
    assert TIMETABLE.next_slot(at(date(2049, 1, 1), "12:00")) is None


def test_due_times_that_were_missed_are_made_up_by_one_pass():
    slot = TIMETABLE.slot_to_serve(at(TUESDAY, "09:20:30"), "2026-11-24T08:50")
    assert slot.key == "2026-11-24T09:20"
    assert TIMETABLE.slot_to_serve(at(TUESDAY, "09:20:30"), slot.key) is None


def test_a_clock_that_was_put_back_serves_nothing_twice():
    assert TIMETABLE.slot_to_serve(at(TUESDAY, "09:10"), "2026-11-24T09:20") is None
    assert TIMETABLE.slot_to_serve(at(TUESDAY, "09:21"), "2026-11-24T09:20") is not None


def test_a_clock_that_had_been_a_year_ahead_does_not_starve_today():
    assert TIMETABLE.slot_to_serve(at(TUESDAY, "09:10"), "2027-11-23T09:20") is not None


def test_the_hour_of_a_pass_is_the_schools_in_summer_and_in_winter():
    summer, winter = TIMETABLE.slots(date(2026, 10, 22))[0], TIMETABLE.slots(TUESDAY)[0]
    assert (summer.at.hour, winter.at.hour) == (6, 7)
    assert (summer.key[11:], winter.key[11:]) == ("07:00", "07:00")


def test_the_list_is_mailed_from_its_time_on():
    assert not TIMETABLE.list_is_due(at(TUESDAY, "09:15:59"))
    assert TIMETABLE.list_is_due(at(TUESDAY, "09:16"))
    assert not TIMETABLE.list_is_due(at(date(2026, 11, 28), "09:16"))


def test_data_is_fresh_until_the_next_pass_is_half_an_hour_late():
    assert TIMETABLE.fresh_until(at(TUESDAY, "12:00")) == at(TUESDAY, "12:45")
    assert TIMETABLE.fresh_until(at(TUESDAY, "17:45")) == at(date(2026, 11, 25), "07:30")


@given(st.integers(min_value=0, max_value=330 * 24 * 60))
def test_the_next_pass_is_later_and_nothing_lies_between(minutes):
    now = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    following = TIMETABLE.next_slot(now)
    if following is not None:
        assert following.at > now
        assert following.at.second == 0
        local = now.astimezone(LONDON).date()
        while local < following.at.astimezone(LONDON).date():
            assert all(slot.at <= now for slot in TIMETABLE.slots(local))
            local += timedelta(days=1)


@given(st.dates(min_value=date(2026, 9, 1), max_value=date(2027, 7, 31)))
def test_every_due_time_of_a_day_is_its_own_and_in_order(day):
    slots = TIMETABLE.slots(day)
    assert len({slot.key for slot in slots}) == len(slots)
    assert [slot.at for slot in slots] == sorted(slot.at for slot in slots)
