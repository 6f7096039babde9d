from datetime import date, timedelta

import pytest

from mbls_sync.errors import ParameterError
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.calendars import load_calendar, load_school_year
from mbls_sync.policy.places import calendar_folder, shipped_config

SMALL = """\
half_terms:
  - {term: autumn, half: 1, first: 2026-09-07, last: 2026-09-18}
  - {term: autumn, half: 2, first: 2026-09-28, last: 2026-10-02}
inset_days:
  - 2026-09-11
bank_holidays:
  2026-09-30: made up
closures:
  - {day: 2026-09-08, period: PM, reason: no heating, planned: no}
  - {day: 2026-09-09, reason: transition, planned: yes, scope: 'year:R'}
school_days: 13
"""


def put(folder, text, name="2026-27.yaml"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_shipped_years_have_190_school_days_each():
    calendar = load_calendar(calendar_folder(shipped_config()))
    assert [len(year.sessions) for year in calendar.years] == [380, 380]
    assert [str(year.year) for year in calendar.years] == ["2025-26", "2026-27"]


def test_sessions_and_the_school_day_before_are_found_by_their_date(tmp_path):
    put(tmp_path, SMALL)
    calendar = load_calendar(tmp_path)
    days = [date(2026, 9, 4) + timedelta(days=n) for n in range(32)]
    for day in days:
        earlier = [held for held in calendar.school_days if held < day]
        assert calendar.school_day_before(day) == (earlier[-1] if earlier else None)
        assert calendar.sessions(days[0], day) == tuple(s for s in calendar.years[0].sessions if s.day <= day)
        assert calendar.sessions(day, days[-1]) == tuple(s for s in calendar.years[0].sessions if s.day >= day)


def test_a_calendar_is_what_its_file_says(tmp_path):
    put(tmp_path, SMALL)
    calendar = load_calendar(tmp_path)
    assert len(calendar.school_days) == 13
    assert not calendar.is_session(Session(date(2026, 9, 8), Period.PM))
    assert calendar.is_session(Session(date(2026, 9, 8), Period.AM))
    assert calendar.is_session(Session(date(2026, 9, 9), Period.AM)), (
        "a partial closure takes no session from the school"
    )
    transition = [c for c in calendar.school_year(date(2026, 9, 9)).closures if c.reason == "transition"]
    assert [c.session.period for c in transition] == ["AM", "PM"]
    assert [transition[0].names("Robins", year) for year in ("R", "1")] == [True, False]
    assert calendar.school_weeks == (date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 28))


@pytest.mark.parametrize(
    ("old", "new", "problem", "line"),
    [
        ("first: 2026-09-28", "first: 2026-09-18", "before the half-term above it ends", 3),
        ("first: 2026-09-07", "first: 2026-09-06", "a Sunday", 2),
        ("first: 2026-09-07", "first: 2025-09-08", "not in 2026-27", 2),
        ("last: 2026-09-18", "last: 2026-09-04", "before it begins", 2),
        ("half: 2", "half: 3", "half is 1 or 2", 3),
        ("- 2026-09-11", "- 2026-09-25", "outside every half-term", 5),
        ("- 2026-09-11", "- 2026-09-12", "a Saturday", 5),
        ("- 2026-09-11", "- 2026-09-11\n  - 2026-09-11", "stands twice", 6),
        ("2026-09-30: made up", "2026-09-31: made up", "no date", 7),
        ("2026-09-30: made up", "2027-09-30: made up", "not in 2026-27", 7),
        ("day: 2026-09-08", "day: 2026-09-11", "no session on 2026-09-11 PM", 9),
        ("planned: no", "planned: perhaps", "yes or no", 9),
        ("period: PM", "period: afternoon", "AM or PM", 9),
        ("'year:R'", "reception", "scope is", 10),
        ("school_days: 13", "school_days: 14", "its dates give 13", 11),
        ("school_days: 13", "school_days: 13\nterms: 3", "unknown key", 12),
    ],
)
def test_a_date_that_does_not_fit_is_refused_with_its_line(tmp_path, old, new, problem, line):
    file = put(tmp_path, SMALL.replace(old, new, 1))
    with pytest.raises(ParameterError, match=problem) as caught:
        load_school_year(file)
    assert (caught.value.file, caught.value.line) == (file, line)


@pytest.mark.parametrize("name", ["2026.yaml", "2026-28.yaml", "next-year.yaml"])
def test_a_file_that_names_no_academic_year_is_refused(tmp_path, name):
    with pytest.raises(ParameterError, match="academic year"):
        load_school_year(put(tmp_path, SMALL, name))


def test_without_any_calendar_nothing_is_counted(tmp_path):
    with pytest.raises(ParameterError, match="holds no calendar"):
        load_calendar(tmp_path)
