"""What is peculiar to Wonde, point by point, each as a fake of ours behaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mbls_adapter_wonde.adapter import WondeSchool
from mbls_adapter_wonde.wire import BadValue, day_of, yes_of
from pydantic import ValidationError
from werkzeug import Request, Response

from mbls_sync.api import (
    Accepted,
    AuthRejected,
    BadPayload,
    Busy,
    ConfigurationError,
    Contact,
    ContactsOf,
    Mark,
    MarkWrite,
    Page,
    Period,
    Pupil,
    PupilId,
    Rejected,
    Resource,
    Session,
)
from mbls_sync.testing.builders import ZONE, a_pupil
from mbls_sync.testing.fake_wonde import TOKEN, FakeWonde
from mbls_sync.testing.wonde_server import serving

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)
NOW = datetime(2026, 11, 9, 9, 30, tzinfo=UTC)
MANY = [a_pupil(f"P{n:03d}", upn=f"P{n:03d}", born=date(2018, 12, 1)) for n in range(120)]
Open = Callable[..., WondeSchool]


def items(pages: list[Page], resource: Resource) -> list[Any]:
    return [item for page in pages if page.resource is resource for item in page.items]


def marks(pages: list[Page]) -> dict[tuple[str, str], str]:
    return {(row.pupil, row.period): row.code for page in pages for row in page.marks}


def pulled(adapter: WondeSchool, pages: list[Page] | None = None) -> list[Page]:
    return list(adapter.pull({page.stream: page.cursor for page in pages or ()}))


def test_a_wrong_token_is_said_to_be_refused_and_stands_in_no_message(open_wonde: Open) -> None:
    with pytest.raises(AuthRejected) as refused:
        pulled(open_wonde(FakeWonde(MANY), token="another-token"))
    assert "another-token" not in str(refused.value)


def test_the_token_may_stand_in_a_file_and_only_there_or_in_the_settings(open_wonde: Open, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    assert pulled(open_wonde(FakeWonde(MANY[:1]), token=None, token_file="token"))
    with pytest.raises(ValidationError, match="one of the two"):
        open_wonde(FakeWonde(MANY[:1]), token_file="token")
    with pytest.raises(ConfigurationError, match="token_file"):
        open_wonde(FakeWonde(MANY[:1]), token=None, token_file="no-such-file")


@pytest.mark.parametrize("pages_by", ["page", "cursor"])
@pytest.mark.parametrize("size", [7, 60, 120, 500])
def test_every_row_comes_however_wonde_pages(open_wonde: Open, pages_by: str, size: int) -> None:
    fake = FakeWonde(MANY, pages_by=pages_by, largest_page=size)
    fake.fill({(pupil.id, AM): "/" for pupil in MANY})
    pages = pulled(open_wonde(fake))
    assert (len(items(pages, Resource.PUPILS)), len(marks(pages))) == (120, 120)


def test_a_page_that_comes_for_ever_is_an_error(open_wonde: Open) -> None:
    def repeats(request: Request, answer: Callable[[], Response]) -> Response:
        said = answer()
        if "students" in request.path and said.is_json:
            body = dict(said.get_json()) | {"meta": {"pagination": {"next": request.url}}}
            said.set_data(json.dumps(body))
        return said

    with pytest.raises(BadPayload, match="twice"):
        pulled(open_wonde(FakeWonde(MANY), repeats))


def test_a_next_page_at_another_host_is_not_asked(open_wonde: Open) -> None:
    heard: list[str] = []

    def hears(request: Request, answer: Callable[[], Response]) -> Response:
        heard.append(request.path)
        return answer()

    with serving(FakeWonde(MANY), hears) as other:

        def leads_away(request: Request, answer: Callable[[], Response]) -> Response:
            said = answer()
            said.set_data(said.get_data().replace(request.host_url[:-1].encode(), other.removesuffix("/v1.0").encode()))
            return said

        with pytest.raises(BadPayload):
            pulled(open_wonde(FakeWonde(MANY, largest_page=50), leads_away))
    assert heard == []


def test_the_wrong_regions_empty_answer_names_the_right_one(open_wonde: Open) -> None:
    with pytest.raises(Rejected, match=r"https://api-af-south-1\.wonde\.com/v1\.0"):
        pulled(open_wonde(FakeWonde(MANY, elsewhere=True)))


def test_a_day_is_read_with_its_zone() -> None:
    summer = {"date": "2026-06-30 23:00:00.000000", "timezone_type": 3, "timezone": "UTC"}
    assert day_of(summer, ZONE) == date(2026, 7, 1)
    assert day_of({**summer, "timezone": "Europe/London"}, ZONE) == date(2026, 6, 30)
    assert day_of({**summer, "timezone_type": 1, "timezone": "-01:00"}, ZONE) == date(2026, 7, 1)
    assert day_of({**summer, "date": "2026-07-01 00:00:00", "timezone": "BST"}, ZONE) == date(2026, 7, 1)
    assert day_of("2026-07-01", ZONE) == date(2026, 7, 1)
    assert day_of(None, ZONE) is None
    with pytest.raises(BadValue):
        day_of({**summer, "timezone": "Mars/Olympus"}, ZONE)
    with pytest.raises(BadValue):
        day_of("07/01/2026", ZONE)


@pytest.mark.parametrize("said", [True, 1, "1", "true", "True", "Y"])
def test_a_flag_is_read_however_it_is_spelt(said: Any) -> None:
    assert yes_of(said) is True


@pytest.mark.parametrize("said", [None, "", "perhaps"])
def test_a_flag_that_says_nothing_is_no_no(said: Any) -> None:
    assert yes_of(said) is None


def test_a_pupil_is_known_by_the_upn_never_by_the_upi(open_wonde: Open) -> None:
    no_upn = a_pupil("X1", upn="", admission_number="004711")
    neither = a_pupil("X2", upn="", admission_number="")
    fake = FakeWonde([*MANY[:1], no_upn, neither])
    ids = {pupil.id for pupil in items(pulled(open_wonde(fake)), Resource.PUPILS)}
    assert ids == {"P000", "adm:004711", f"mis:mis-{fake.ids[neither.id]}"}


def test_who_left_and_came_back_is_one_pupil_with_the_marks_of_both_ids(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:2])
    before = Session(date(2026, 11, 6), Period.AM)
    fake.fill({(MANY[0].id, before): "/"})
    adapter = open_wonde(fake, since="2026-11-02")
    first = pulled(adapter)
    fake.leave_and_return(MANY[0].id)
    fake.mark(MANY[0].id, AM, "L")
    pages = pulled(open_wonde(fake, since="2026-11-02"))
    assert sorted(p.id for p in items(pages, Resource.PUPILS)) == ["P000", "P001"]
    assert {(r.pupil, r.day, r.code) for p in pages for r in p.marks if r.code} == {
        ("P000", before.day, "/"),
        ("P000", DAY, "L"),
    }
    later = open_wonde(fake, now=NOW + timedelta(hours=1))
    assert [w for page in pulled(later, first) for w in page.warnings] == []
    write = MarkWrite("key", Mark(MANY[0].id, Session(DAY, Period.PM), "N"), "", "no mark")
    assert isinstance(later.push([write])[0], Accepted)
    assert fake.writes[0].student == fake.ids[MANY[0].id]


def test_a_pupil_deleted_and_listed_nowhere_is_told_and_a_restored_one_is_not(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:3])
    first = pulled(open_wonde(fake))
    gone, restored = fake.ids[MANY[0].id], fake.ids[MANY[1].id]
    fake.pupils = MANY[2:3]
    fake.deletions = [{"id": gone, "restored_at": None}, {"id": restored, "restored_at": {"date": "2026-11-09"}}]
    pages = pulled(open_wonde(fake, now=NOW + timedelta(hours=1)), first)
    assert [w.split(":")[1][:2] for page in pages for w in page.warnings] == [" 1"]


def test_a_leaver_keeps_the_day_of_leaving_and_the_marks(open_wonde: Open) -> None:
    leaver = a_pupil("L1", upn="L1", left=date(2026, 10, 23))
    fake = FakeWonde(MANY[:1], leavers=[leaver])
    fake.fill({(leaver.id, Session(date(2026, 10, 12), Period.AM)): "/"})
    pages = pulled(open_wonde(fake, since="2026-10-12"))
    assert {p.id: p.left for p in items(pages, Resource.PUPILS)} == {"P000": None, "L1": date(2026, 10, 23)}
    assert marks(pages) == {("L1", "AM"): "/"}


def test_the_form_of_a_primary_pupil_is_the_registration_group(open_wonde: Open) -> None:
    (pupil,) = items(pulled(open_wonde(FakeWonde([a_pupil("P1", upn="P1", class_name="Otters")]))), Resource.PUPILS)
    assert pupil.class_name == "Otters"


def test_a_pupil_comes_as_the_mis_has_them_with_the_adults_to_call(open_wonde: Open) -> None:
    adults = (
        Contact(1, "Ms A. Example", "Mother", True, "07700 900001", "01632 960001", "a@example.invalid"),
        Contact(2, "Mr B. Example", "Father", False),
    )
    sent = a_pupil(
        "P1",
        upn="P1",
        admission_number="004711",
        sex="F",
        year_group="R",
        enrolment_status="C",
        address="1 Pretend Lane, Exampleton",
        postcode="ZZ1 9ZZ",
        free_school_meals=True,
        pupil_premium=False,
        sen_status="K",
        education_health_care_plan=False,
        looked_after=True,
        child_in_need=False,
        child_protection=True,
        english_additional_language=False,
        ethnicity="WBRI",
        young_carer=True,
        contacts=adults,
    )
    pages = pulled(open_wonde(FakeWonde([sent])))
    (pupil,) = items(pages, Resource.PUPILS)
    assert pupil == Pupil(**{name: getattr(sent, name) for name in sent.__slots__ if name != "contacts"})
    assert items(pages, Resource.CONTACTS) == [ContactsOf(PupilId("P1"), adults)]


def test_a_second_pull_asks_for_what_was_updated_and_for_today_alone(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:3])
    fake.fill({(pupil.id, AM): "/" for pupil in MANY[:3]})
    asked: list[str] = []

    def hears(request: Request, answer: Callable[[], Response]) -> Response:
        asked.append(request.full_path)
        return answer()

    first = pulled(open_wonde(fake, hears))
    asked.clear()
    again = pulled(open_wonde(fake, hears), first)
    assert [page.unchanged for page in again] == [True]
    assert not any("students" in path for path in asked)
    assert sum("updated_after=2026-11-09+07%3A45%3A00" in path for path in asked) == 2
    fake.mark(MANY[0].id, Session(date(2026, 11, 3), Period.AM), "I")
    (page,) = pulled(open_wonde(fake), first)
    assert {(row.pupil, row.day, row.code) for row in page.marks if row.code != "/"} == {
        ("P000", date(2026, 11, 3), "I")
    }


def test_a_mark_that_was_taken_out_today_comes_as_a_blank(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:3])
    fake.fill({(pupil.id, AM): "/" for pupil in MANY[:3]})
    first = pulled(open_wonde(fake))
    del fake.held[fake.ids[MANY[1].id], AM]
    assert marks(pulled(open_wonde(fake), first))["P001", "AM"] == ""


def test_rows_without_a_moment_of_update_are_read_again_for_a_week(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:1], says_updated=False)
    fake.fill({(MANY[0].id, AM): "/"})
    first = pulled(open_wonde(fake))
    fake.mark(MANY[0].id, Session(DAY - timedelta(days=6), Period.AM), "I")
    (page,) = pulled(open_wonde(fake), first)
    assert [row.code for row in page.marks] == ["I", "/"]


def test_other_names_of_the_date_filters_are_found_out_and_can_be_set(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:1])
    fake.fill({(MANY[0].id, Session(date(2026, 10, 12), Period.AM)): "/"})
    with pytest.raises(Rejected, match="date_from_param"):
        pulled(open_wonde(fake, date_from_param="attendance_date_after", date_to_param="attendance_date_before"))
    pages = pulled(open_wonde(fake, since="2026-10-12", date_from_param="", date_to_param=""))
    assert marks(pages) == {("P000", "AM"): "/"}


def test_a_mark_of_nobody_or_of_no_known_code_goes_to_quarantine_and_is_asked_for_again(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:1])
    fake.fill({(MANY[0].id, AM): "/"})
    fake.held["A-stranger", AM] = ("/", "history", fake.clock)
    pages = pulled(open_wonde(fake))
    assert {row.reason for page in pages for row in page.bad} == {
        "it names a pupil whom Wonde lists neither as here nor as left"
    }
    assert pages[-1].retry_cursor not in ("", pages[-1].cursor)


@pytest.mark.parametrize(("after", "seconds"), [("120", 120), ("Mon, 09 Nov 2026 09:40:00 GMT", 600), (None, 30)])
def test_a_wish_to_be_left_alone_is_heard_however_it_is_put(
    open_wonde: Open, after: str | None, seconds: float
) -> None:
    with pytest.raises(Busy) as busy:
        pulled(open_wonde(FakeWonde(MANY, busy=[after])))
    assert busy.value.retry_after == seconds
