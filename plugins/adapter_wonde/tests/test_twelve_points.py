"""The made-up Wonde behaves as the real one was seen to, point by point; what the adapter makes of it stands beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import requests
from mbls_adapter_wonde.adapter import WondeSchool

from mbls_sync.api import Period, PupilId, Resource, Session
from mbls_sync.testing.builders import a_pupil
from mbls_sync.testing.fake_wonde import SCHOOL, TOKEN, FakeWonde
from mbls_sync.testing.wonde_server import serving

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)
MANY = [a_pupil(f"P{n:03d}", upn=f"P{n:03d}", born=date(2018, 12, 1)) for n in range(60)]
BEARER = {"Authorization": f"Bearer {TOKEN}"}
Ask = Callable[..., requests.Response]
Open = Callable[..., WondeSchool]


@contextmanager
def asked(fake: FakeWonde) -> Iterator[Ask]:
    """Asks the fake by plain HTTP, as anybody would."""
    with serving(fake) as url, requests.Session() as http:

        def ask(path: str, method: str = "GET", **more: Any) -> requests.Response:
            address = path if path.startswith("http") else f"{url}/{path}"
            return http.request(method, address, **{"headers": BEARER, "timeout": 5, **more})

        yield ask


def of_school(path: str) -> str:
    return f"schools/{SCHOOL}/{path}"


def a_mark(fake: FakeWonde, **more: str) -> dict[str, Any]:
    known = {"student_id": fake.ids[MANY[0].id], "attendance_code_id": fake.code_ids["N"]}
    return {"attendance": [{"date": DAY.isoformat(), "session": "AM", **known, **more}]}


def test_1_basic_and_bearer_are_taken_and_neither_is_401() -> None:
    with asked(FakeWonde(MANY[:1])) as ask:
        assert ask(of_school("students")).status_code == 200
        assert ask(of_school("students"), headers={}, auth=(TOKEN, "")).status_code == 200
        assert ask(of_school("students"), headers={}).status_code == 401


def test_2_a_list_that_fits_on_one_page_has_no_pagination_at_all() -> None:
    with asked(FakeWonde(MANY[:50])) as ask:
        assert set(ask(of_school("students")).json()) == {"data"}
    with asked(FakeWonde(MANY)) as ask:
        first = ask(of_school("students")).json()
    assert (len(first["data"]), set(first["meta"])) == (50, {"pagination"})


@pytest.mark.parametrize("pages_by", ["page", "cursor"])
def test_3_next_is_a_whole_address_with_the_query_kept(pages_by: str) -> None:
    with asked(FakeWonde(MANY, pages_by=pages_by)) as ask:
        first = ask(of_school("students"), params={"include": "groups", "per_page": "40"}).json()
        address = first["meta"]["pagination"]["next"]
        second = ask(address).json()
    assert address.startswith("http://")
    assert {"include=groups", "per_page=40"} <= set(address.partition("?")[2].split("&"))
    assert (len(second["data"]), second["meta"]["pagination"]["next"]) == (20, None)


def test_4_dates_are_objects_of_more_than_one_zone() -> None:
    fake = FakeWonde([a_pupil("P1", upn="P1", born=date(2018, 12, 1), admitted=date(2025, 9, 1))])
    with asked(fake) as ask:
        (row,) = ask(of_school("students")).json()["data"]
    zones = {row["date_of_birth"]["timezone"], row["education_details"]["data"]["admission_date"]["timezone"]}
    assert zones == {"UTC", "Europe/London"}


def test_5_a_code_has_another_id_in_another_school(open_wonde: Open) -> None:
    schools = FakeWonde(MANY[:1], codes=("/", "N")), FakeWonde(MANY[:1], codes=("N", "/"))
    assert schools[0].code_ids["N"] != schools[1].code_ids["N"]
    for fake in schools:
        fake.fill({(MANY[0].id, AM): "N"})
        assert {row.code for page in open_wonde(fake).pull({}) for row in page.marks} == {"N"}


def test_5_a_school_without_codes_of_its_own_has_wondes(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:1], codes=("/", "N"), own_codes=False)
    assert set(open_wonde(fake).code_map()) == {"/", "N"}


def test_6_what_cannot_be_is_a_422_with_a_body_of_json() -> None:
    fake = FakeWonde(MANY[:1])
    with asked(fake) as ask:
        said = ask(of_school("attendance/session"), "POST", json=a_mark(fake, attendance_code_id="no-such-code"))
    assert (said.status_code, set(said.json())) == (422, {"message", "errors"})
    assert fake.taken == []


def test_7_too_many_requests_may_say_when_to_come_again_or_not() -> None:
    with asked(FakeWonde(MANY[:1], busy=["120", None])) as ask:
        first, second = ask(of_school("students")), ask(of_school("students"))
    assert (first.status_code, first.headers["Retry-After"]) == (429, "120")
    assert (second.status_code, "Retry-After" in second.headers) == (429, False)


@pytest.mark.parametrize(("why", "ends"), [("", "complete"), ("the register is locked", "failed")])
def test_8_a_write_is_given_a_reference_and_moves_as_it_is_polled(why: str, ends: str) -> None:
    fake = FakeWonde(MANY[:1], settles_after=2)
    fake.fails = {fake.ids[MANY[0].id]: why} if why else {}
    with asked(fake) as ask:
        reference = ask(of_school("attendance/session/"), "POST", json=a_mark(fake)).json()["writeback_id"]
        states = [ask(f"writebacks/{reference}").json()["data"]["status"] for _ in range(3)]
    assert states == ["pending", ends, ends]
    assert fake.code(MANY[0].id, AM) == ("" if why else "N")


def test_9_another_regions_address_answers_with_nothing_and_no_error() -> None:
    with asked(FakeWonde(MANY, elsewhere=True)) as ask:
        said = ask(of_school("students"))
    assert (said.status_code, said.json()) == (200, {"data": []})


def test_10_who_left_and_came_back_keeps_the_upi_and_has_another_id() -> None:
    fake = FakeWonde(MANY[:1])
    fake.leave_and_return(MANY[0].id)
    with asked(fake) as ask:
        (now,), (then,) = (ask(of_school(name)).json()["data"] for name in ("students", "students-leaver"))
        (gone,) = ask(of_school("deletions"), params={"type": "student"}).json()["data"]
    assert now["upi"] == then["upi"] != now["education_details"]["data"]["upn"]
    assert now["id"] != then["id"] == gone["id"]


def test_11_a_school_may_not_allow_marks_to_be_written() -> None:
    fake = FakeWonde(MANY[:1], allows_writeback=False)
    with asked(fake) as ask:
        assert ask(f"schools/{SCHOOL}").json()["data"]["extended"]["allows_writeback"] is False
        assert ask(of_school("attendance/session"), "POST", json=a_mark(fake)).status_code == 403


def test_12_summaries_may_count_nothing_and_no_figure_of_ours_is_made_of_them(open_wonde: Open) -> None:
    fake, paths = FakeWonde(MANY[:1]), list[str]()
    fake.fill({(MANY[0].id, AM): "/"})
    with asked(fake) as ask:
        (summary,) = ask(of_school("attendance-summaries")).json()["data"]
    assert summary["possible_marks"] is None

    def hears(request: Any, answer: Callable[[], Any]) -> Any:
        paths.append(request.path)
        return answer()

    pages = list(open_wonde(fake, hears).pull({}))
    assert {row.pupil for page in pages if page.resource is Resource.MARKS for row in page.marks} == {PupilId("P000")}
    assert not [path for path in paths if "summaries" in path]
