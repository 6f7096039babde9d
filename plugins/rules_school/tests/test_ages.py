"""What the law keeps from pupils below compulsory school age never reaches them, whatever stands in the register."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mbls_rules_school.health import hlt_01_long_illness
from mbls_rules_school.la_lines import la_01_attendance_return, la_06_absence_alert, la_08_asked_referral
from mbls_rules_school.staged_intervention import (
    pn_01_consider_notice,
    stg_08_ewo_referral,
    stg_09_formal_meeting,
    stg_10_request_notice,
    stg_11_prosecution,
    stg_18_support_first,
)

from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import compulsory_school_age_from
from mbls_sync.testing.builders import ZONE, Someone, a_pupil, a_world, the_calendar
from mbls_sync.testing.cases import load_cases
from mbls_sync.testing.rule_contract import find_cases
from mbls_sync.testing.running import bind, proposals

FOR_COMPULSORY_AGE_ALONE = (
    hlt_01_long_illness,
    la_01_attendance_return,
    la_06_absence_alert,
    la_08_asked_referral,
    pn_01_consider_notice,
    stg_08_ewo_referral,
    stg_09_formal_meeting,
    stg_10_request_notice,
    stg_11_prosecution,
    stg_18_support_first,
)
KINDS = ("support-letter-sent", "review-meeting-held", "formal-la-meeting-considered", "penalty-notice-issued",
         "ewo-requested")  # fmt: skip
FIRST = date(2026, 9, 1)


@st.composite
def schools(draw):
    """A moment of the year, and a pupil below compulsory school age who mostly stays away, with steps taken."""
    day = draw(st.sampled_from([d for d in the_calendar().school_days if date(2026, 10, 1) <= d <= date(2027, 6, 30)]))
    now = datetime(day.year, day.month, day.day, 15, 30, tzinfo=ZONE)
    born = draw(st.dates(date(2021, 9, 1), date(2023, 8, 31)).filter(lambda b: compulsory_school_age_from(b) > day))
    codes = draw(st.lists(st.sampled_from(["I", "O", "G", "N", "U", "/"]), min_size=5, max_size=30))
    sessions = the_calendar().sessions(FIRST, day)
    marks = {session: codes[n % len(codes)] for n, session in enumerate(sessions)}
    steps = tuple(
        Event(now - timedelta(days=draw(st.integers(1, 200))), kind, PupilId("P1"))
        for kind in draw(st.lists(st.sampled_from(KINDS), max_size=4))
    )
    pupil = a_pupil(born=born, year_group="R", admitted=FIRST)
    return a_world(now, Someone(pupil, marks, events=steps))


@settings(max_examples=60)
@given(schools())
def test_a_rule_of_the_law_never_speaks_of_a_pupil_below_compulsory_school_age(world):
    spoken = {module.__name__ for module in FOR_COMPULSORY_AGE_ALONE if proposals(bind(module), world)}
    assert spoken == set()


@pytest.mark.parametrize("module", FOR_COMPULSORY_AGE_ALONE, ids=lambda module: module.__name__.rpartition(".")[2])
def test_the_case_that_makes_such_a_rule_speak_makes_it_silent_for_a_younger_child(module):
    case = next(case for case in load_cases(find_cases(module)) if case.wishes)
    assert proposals(bind(module), case.world)
    younger = tuple(replace(pupil, born=case.world.today - timedelta(days=4 * 365)) for pupil in case.world.roll)
    assert proposals(bind(module), replace(case.world, roll=younger)) == ()
