"""Past days are judged again as they were known then, and a changed policy shows what it would have asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mbls_sync.contracts import Resource
from mbls_sync.engine.replayed import Sort, gathered, opened, shares
from mbls_sync.model.happenings import Event, Message
from mbls_sync.model.proposals import DraftLetter, Proposal
from mbls_sync.model.sessions import Period, Session
from mbls_sync.pipeline.parts import JUDGE
from mbls_sync.pipeline.past import Past
from mbls_sync.pipeline.replay import moments, replay
from mbls_sync.pipeline.world import build_world
from mbls_sync.testing.builders import ZONE, a_parameter, the_calendar
from mbls_sync.testing.fake_school import FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import CALL_HOME, school_day, small_rule

FIRST, LAST = date(2026, 11, 9), date(2026, 11, 13)
LOOKS = (time(9, 16), time(16, 0))
AT = "support.percent"


def _letter(pupil: Any, history: Any, policy: Any, now: datetime, **_: Any) -> Iterator[Proposal]:
    figures = history.figures
    if 100 * figures.attended > policy.percent(AT) * figures.possible or history.events_of("support-letter-sent"):
        return
    yield DraftLetter(
        "support-letter", pupil.id, "office", history.episode(), "Offer support", "low", now, "support-letter-sent"
    )


def _meeting(pupil: Any, history: Any, now: datetime, **_: Any) -> Iterator[Proposal]:
    sent = history.last_event("support-letter-sent")
    if sent is not None and now >= sent.at + timedelta(days=1):
        yield DraftLetter(
            "support-meeting", pupil.id, "office", "1", "Invite", "no better", now, "support-meeting-invited"
        )


RULES = (
    CALL_HOME,
    small_rule("STG-T1", "judge_pupil", _letter),
    small_rule("STG-T2", "judge_pupil", _meeting),
)


@pytest.fixture
def school(tmp_path: Path, database_url: str) -> Iterator[FakeSchool]:
    """A week in which 2T-1 is N on Tuesday morning until a message comes, and 2T-2 is ill on Wednesday."""
    made = a_fake_school(
        tmp_path,
        database_url,
        FIRST,
        classes={"2T": 3},
        rules=RULES,
        made_up={AT: a_parameter(AT, "percent", Decimal(90))},
    )
    made.run(school_day(FIRST - timedelta(days=3), 16, 0))
    for offset in range(5):
        day = FIRST + timedelta(days=offset)
        everybody = dict.fromkeys(("2T-1", "2T-2", "2T-3"), "/")
        made.mark(
            Session(day, Period.AM),
            everybody | ({"2T-1": "N"} if offset == 1 else {}) | ({"2T-2": "I"} if offset >= 2 else {}),
        )
        made.run(school_day(day, 9, 16))
        if offset == 1:
            at = datetime.combine(day, time(10), tzinfo=ZONE)
            made.happened(Resource.MESSAGES, Message(made.pupils[0].id, at, "parent", "unwell"))
            made.mark(Session(day, Period.AM), {"2T-1": "I"})
        made.mark(Session(day, Period.PM), dict.fromkeys(("2T-1", "2T-2", "2T-3"), "\\"))
        made.run(school_day(day, 16, 0))
    yield made
    made.close()


def given(school: FakeSchool) -> Any:
    return replace(school.inputs(school_day(LAST, 17, 0)), do=frozenset({JUDGE}))


def run(school: FakeSchool, percent: int = 90, **how: Any) -> list[Any]:
    inputs = given(school)
    changed = {**inputs.parameters, AT: a_parameter(AT, "percent", Decimal(percent))}
    when = moments(school.calendar, FIRST, LAST, LOOKS)
    with school.store.read() as tx:
        return list(replay(tx, replace(inputs, parameters=changed), when, **how))


def test_each_world_of_a_walk_is_the_world_asked_for_alone(school: FakeSchool) -> None:
    inputs, when = given(school), moments(school.calendar, FIRST, LAST, (time(9, 16), time(10, 30), time(16)))
    with school.store.read() as tx:
        past = Past(tx, inputs, when[0], when[-1])
        assert [past.world(at) for at in when] == [build_world(tx, inputs, at, at=at) for at in when]


def test_a_call_that_was_called_for_in_the_morning_is_counted_though_its_mark_was_amended(school: FakeSchool) -> None:
    calls = [one for one in gathered(run(school)) if one.rule == "FDC-T1"]
    assert [(one.pupil, one.first.date()) for one in calls] == [("2T-1", FIRST + timedelta(days=1))]


def test_what_stood_before_the_first_day_is_not_counted_again(school: FakeSchool) -> None:
    looks = run(school, percent=100)
    assert looks[0].at.date() < FIRST
    before = {one.key for one in looks[0].asked}
    assert not before & {one.key for one in opened(gathered(looks), FIRST)}


def test_another_percentage_asks_for_another_number_of_letters(school: FakeSchool) -> None:
    found = {
        percent: sum(one.sort is Sort.LETTER for one in gathered(run(school, percent))) for percent in (50, 98, 100)
    }
    assert found[50] == 0
    assert found[50] < found[98] <= found[100]


def test_a_meeting_follows_only_where_the_letter_is_taken_as_sent(school: FakeSchool) -> None:
    as_recorded = [one for one in gathered(run(school, 98)) if one.sort is Sort.MEETING]
    carried_out = [one for one in gathered(run(school, 98, carried_out=True)) if one.sort is Sort.MEETING]
    assert as_recorded == []
    assert {one.pupil for one in carried_out} >= {"2T-2"}


def test_a_recorded_step_counts_from_when_it_was_recorded(school: FakeSchool) -> None:
    sent = datetime.combine(LAST, time(16), tzinfo=ZONE)
    school.happened(Resource.EVENTS, Event(sent, "support-letter-sent", school.pupils[1].id))
    school.run(school_day(LAST, 16, 30))
    letters = [one for one in gathered(run(school, 98)) if one.sort is Sort.LETTER and one.pupil == "2T-2"]
    assert len(letters) == 1, "the letter was called for before anybody recorded that it was sent"


def test_a_replay_changes_nothing(school: FakeSchool) -> None:
    before = school.effects()
    run(school, 100, carried_out=True)
    assert school.effects() == before


def test_shares_count_each_pupil_once_and_leave_out_whom_nobody_knows(school: FakeSchool) -> None:
    asked = gathered(run(school, 100))
    first, second, _ = (pupil.id for pupil in school.pupils)
    found = {share.sort: share for share in shares(asked, {"SEN": {first: True, second: False}})}
    assert (found[Sort.LETTER].pupils, found[Sort.LETTER].others) == (1, 1)
    assert found[Sort.LETTER].reached <= 1


def test_looks_lie_on_school_days_and_begin_on_the_day_before() -> None:

    when = moments(the_calendar(), date(2026, 11, 7), date(2026, 11, 10), LOOKS)
    assert [at.astimezone(UTC).date() for at in when] == [date(2026, 11, 6)] + [
        date(2026, 11, d) for d in (9, 9, 10, 10)
    ]
