"""A value of a stage that the head changes begins on its own day: the day before is judged as before."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from mbls_rules_school.recognition import rwd_05_badges
from mbls_rules_school.staged_intervention import stg_01_support_letter, stg_03_review_meeting

from mbls_sync.testing.builders import ALWAYS, ZONE, Someone, a_pupil, a_world, the_calendar, the_parameters
from mbls_sync.testing.filling import exactly
from mbls_sync.testing.running import bind, proposals

CHANGE = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("module", "name", "before", "after", "missed"),
    [
        (stg_01_support_letter, "stage.support_percent", Decimal(93), Decimal(94), 6),
        (stg_03_review_meeting, "stage.review_percent", Decimal(90), Decimal(91), 9),
        (stg_01_support_letter, "stage.min_possible", 101, 20, 7),
        (rwd_05_badges, "reward.badges_days_before", 1, 200, 0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_changed_value_of_a_stage_begins_on_its_day_and_not_the_day_before(module, name, before, after, missed):
    known = the_parameters()[name]
    values = [
        replace(known.values[0], since=since, value=value) for since, value in ((ALWAYS, before), (CHANGE, after))
    ]
    changed = {name: replace(known, values=tuple(values))}
    marks = exactly(the_calendar(), CHANGE, [(100, missed, "I")])

    def asked(day):
        now = datetime(day.year, day.month, day.day, 7, tzinfo=ZONE)
        return proposals(bind(module), a_world(now, Someone(a_pupil(admitted=min(marks).day), marks), made_up=changed))

    assert not asked(CHANGE - timedelta(days=1))
    assert asked(CHANGE)
