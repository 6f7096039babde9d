"""What goes by which channel, and whether a person must first approve."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from mbls_sync.delivery.documents import Readiness, documents, named
from mbls_sync.delivery.files import sha256
from mbls_sync.delivery.send_plan import Rules, plan_sendings
from mbls_sync.delivery.sending import Way
from mbls_sync.errors import PaperRefused
from mbls_sync.model.deliveries import Mode
from mbls_sync.model.sendings import Channel, SendState
from mbls_sync.store import sendings
from mbls_sync.store.database import open_store
from mbls_sync.testing.builders import a_pupil

NOW = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
NAME = "8230000_attendance_2026-11_001"
PUPIL = a_pupil("A823999926001")


@pytest.fixture
def out(tmp_path):
    def file(
        text: str = "UPN\r\nA823999926001\r\n", standing: str = "ready", due: str = "2026-11-27", **more: object
    ) -> None:
        folder = tmp_path / "out" / "returns"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{NAME}.csv").write_text(text, newline="")
        (folder / f"{NAME}.checklist.html").write_text("for the school")
        members = [{"name": f"{NAME}.csv", "sha256": sha256(text.encode())}]
        lint = {"lint": {"standing": standing}} if standing else {}
        stated = {
            "return": "attendance",
            "period": "2026-11",
            "due": due,
            "number": 1,
            "files": members,
            **lint,
            **more,
        }
        (folder / f"{NAME}.manifest.json").write_text(json.dumps(stated))

    file()
    return file


@pytest.fixture
def plan(tmp_path, out):
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite3", "school")
    way = Way(Channel("la", None, tmp_path), None, ("attendance",), "The LA")

    def run(mode: Mode = Mode.AUTO, sent_before: bool = False, endings: tuple[str, ...] = (), **changes: object):
        since = datetime.fromtimestamp(0, UTC)
        rules = Rules(mode, since, NOW, time(16), lambda document: "a duty", lambda document: sent_before)
        with store.begin() as tx:
            problems = plan_sendings(
                tx, documents(tmp_path / "out"), [replace(way, endings=endings)], [PUPIL], replace(rules, **changes)
            )
            return problems, sendings.load(tx)

    run.store = store
    yield run
    store.close()


def state(answer) -> SendState:
    return answer[1][0].state


def test_in_auto_what_the_lint_calls_ready_goes_once_its_day_is_over(plan):
    assert state(plan(figures_stand=time(17))) is SendState.WAITING
    assert state(plan(figures_stand=time(16))) is SendState.APPROVED


@pytest.mark.parametrize(
    ("standing", "goes"), [("ready", True), ("overridden", True), ("not ready", False), ("", False)]
)
def test_only_what_a_lint_has_called_ready_goes_by_itself(plan, out, standing, goes):
    out(standing=standing)
    assert state(plan()) is (SendState.APPROVED if goes else SendState.WAITING)


@pytest.mark.parametrize(("standing", "goes"), [("ready", False), ("overridden", True)])
def test_what_a_person_has_yet_to_sign_does_not_go_by_itself(plan, out, standing, goes):
    out(standing=standing, missing=["Signed by the headteacher"])
    assert state(plan()) is (SendState.APPROVED if goes else SendState.WAITING)


def test_in_confirm_a_person_approves_each_file(plan):
    assert state(plan(Mode.CONFIRM)) is SendState.WAITING


def test_a_change_of_mode_releases_nothing_that_piled_up(plan):
    plan(Mode.CONFIRM)
    assert state(plan(mode_since=NOW + timedelta(seconds=1))) is SendState.WAITING


def test_an_approval_is_of_these_figures_and_no_others(plan, out):
    assert state(plan()) is SendState.APPROVED
    out(text="UPN\r\nanother\r\n")
    (_, (after,)) = plan(Mode.CONFIRM)
    assert (after.state, after.subjects) == (SendState.WAITING, ())


def test_what_has_left_is_not_planned_again_whatever_is_written(plan, out):
    (_, (one,)) = plan()
    with plan.store.begin() as tx:
        sendings.move(tx, one, SendState.SENT, reason="", now=NOW, expect=(SendState.APPROVED,))
    out(text="UPN\r\nanother\r\n")
    (_, (after,)) = plan()
    assert (after.state, after.content) == (SendState.SENT, one.content)


def test_what_a_person_recorded_as_sent_goes_no_more(plan):
    plan()
    assert state(plan(sent_before=True)) is SendState.WITHDRAWN


def test_what_the_la_takes_another_way_waits_for_a_person_in_every_mode(plan):
    (_, (one,)) = plan(misfit=lambda document, way: f"the LA takes {document.paper} by e-form, and {way.name} is sftp")
    assert one.state is SendState.WAITING
    assert one.reason.startswith("the LA takes attendance by e-form, and la is sftp; correct the channel")
    assert state(plan()) is SendState.APPROVED


def test_whom_it_is_about_is_known_by_pseudonym_and_the_checklist_stays_at_school(plan):
    (_, (one,)) = plan()
    assert len(one.subjects) == 1
    assert "A823999926001" not in repr(one)
    assert set(one.members) == {f"{NAME}.csv", f"{NAME}.manifest.json"}


def test_a_file_that_was_changed_by_hand_is_a_problem_and_not_a_sending(plan, tmp_path):
    (tmp_path / "out" / "returns" / f"{NAME}.csv").write_text("other figures")
    problems, planned = plan()
    assert planned == ()
    assert "not what its manifest states" in problems[0]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"return": 1}', '{"return": "a", "files": [{"name": "../x", "sha256": ""}]}']
)
def test_a_manifest_that_is_none_makes_no_document(tmp_path, out, text):
    (tmp_path / "out" / "returns" / f"{NAME}.manifest.json").write_text(text)
    assert documents(tmp_path / "out") == ()


def test_a_document_is_found_by_its_name_what_it_is_about_or_its_paper(tmp_path, out):
    (one,) = documents(tmp_path / "out")
    assert [named([one], name) for name in (NAME, "attendance 2026-11", "attendance", "other")] == [(one,)] * 3 + [()]
    assert one.readiness is Readiness.READY
    (tmp_path / "out" / "returns" / f"{NAME}.csv").unlink()
    with pytest.raises(PaperRefused, match="is gone"):
        one.read()


@pytest.mark.parametrize("ending", [".xlsx", ".json"])
def test_a_channel_that_takes_no_file_of_a_paper_sends_no_empty_archive_in_its_place(plan, ending):
    (problem,), planned = plan(endings=(ending,))
    assert (f"no file of {NAME} ends in {ending}" in problem, planned) == (True, ())
    assert state(plan(endings=(ending, ".csv"))) is SendState.APPROVED
