"""A key comes from content: what is the same is asked once, what differs is told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from mbls_sync.engine.keys import key_of, pupil_of
from mbls_sync.model.codes import CodeStanding, Meaning
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import AddToSheet, SetCode
from mbls_sync.model.pupils import Phase
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.subjects import PupilSession
from mbls_sync.testing.builders import ZONE
from mbls_sync.testing.small_rules import a_task

AM = Session(date(2026, 11, 9), Period.AM)
SUBJECT = PupilSession(
    PupilId("P1"), AM, "", Meaning.NO_MARK, CodeStanding.VALID, ZONE, Phase.KEY_STAGE_1, "2T", True, True
)


def test_a_mark_is_the_same_mark_whichever_rule_asks() -> None:
    assert key_of("s", "A", SetCode(SUBJECT, "N", "one")) == key_of("s", "B", SetCode(SUBJECT, "N", "other"))


def test_another_code_is_another_mark() -> None:
    assert key_of("s", "A", SetCode(SUBJECT, "N", "")) != key_of("s", "A", SetCode(SUBJECT, "I", ""))


def test_words_and_deadlines_are_no_part_of_a_key() -> None:
    task = a_task(PupilId("P1"), AM, ZONE)
    assert key_of("s", "A", task) == key_of("s", "A", replace(task, title="x", due=task.due + timedelta(days=1)))


def test_sessions_rules_schools_and_pupils_are_told_apart() -> None:
    task = a_task(PupilId("P1"), AM, ZONE)
    others = [
        key_of("t", "A", task),
        key_of("s", "B", task),
        key_of("s", "A", replace(task, pupil=PupilId("P2"))),
        key_of("s", "A", replace(task, session=Session(AM.day, Period.PM))),
        key_of("s", "A", replace(task, occasion="an episode")),
    ]
    assert len({key_of("s", "A", task), *others}) == 6


def test_with_an_occasion_the_session_does_not_matter() -> None:
    task = a_task(PupilId("P1"), AM, ZONE, occasion="an episode")
    assert key_of("s", "A", task) == key_of("s", "A", replace(task, session=None))


def test_a_row_of_a_sheet_is_about_no_pupil() -> None:
    assert pupil_of(AddToSheet("fire", "2T", "Fire list", "block")) is None
