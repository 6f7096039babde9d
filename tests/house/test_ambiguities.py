"""Where the policy can be read in two ways, a parameter says which reading is taken, cites both, and is a switch."""

import re

import pytest

from mbls_sync.policy.places import parameter_folder, shipped_config
from mbls_sync.testing.builders import the_parameters
from tests.house.judged_cases import COUNTED, holds, moved, readers, with_value

ROOT = shipped_config().parent

AMBIGUITIES = {
    "at or below 90 per cent, or below it": ["stage.review_boundary"],
    "at risk from 90 per cent, or above it": ["stage.at_risk_boundary"],
    "falls to 93 per cent, or 93 per cent and less": ["stage.support_boundary"],
    "what is done between support and target": ["stage.below_target_action"],
    "the period of a percentage": ["stage.period"],
    "how many sessions a percentage needs": ["stage.min_possible"],
    "improvement, and when attendance is stable": ["stage.improvement", "stage.stable_weeks"],
    "four weeks": ["clock.week"],
    "one term": ["clock.term", "stage.term_weeks"],
    "a home visit on day one, or on day two": ["home_visit.day", "home_visit.day_one"],
    "noon of day one, and noon of day two": ["first_day_calling.escalate_at", "home_visit.silent_until"],
    "when N becomes O, and by whom": ["n_to_o.days", "n_to_o.mode"],
    "arrival after the close": ["registers.late_after_close"],
    "in the classroom, or at the school": ["registers.late_locus"],
    "one time for all registers, or one for each part": ["registers.am_marked_by.nursery"],
    "when the afternoon register closes": ["registers.pm_close_minutes"],
    "the fire list at the close, or kept fresh": ["fire_list.refresh"],
    "notice of travel": ["travel.reading"],
    "late notice of religious observance": ["religion.late_notice"],
    "which licences the floor of a performance holds for": ["performance.floor_percent", "performance.floor_scope"],
    "a performance without a licence": ["performance.allow_exempt"],
    "hours of education under a licence": ["performance.hours_reading"],
    "unauthorised absence ever, or this year": ["leave.lookback"],
    "ten per cent authorised, of what and when": ["leave.authorised_percent"],
    "just before an assessment": ["leave.assessment_windows", "leave.assessment_lead_days"],
    "refused by a ground, or by the head": ["leave.auto_refuse"],
    "leave after the event in an emergency": ["leave.emergency_review"],
    "who issues a penalty notice": ["penalty_notice.mode"],
    "termly or monthly; ten days in a row or in all": [
        "la.attendance_return.frequency",
        "la.attendance_return.days_count",
    ],
    "fails to attend regularly": ["la.attendance_return.irregular_percent"],
    "more than 15 days, or 15": ["sickness.return_days", "la.absence_alert_days"],
    "# for a part of the school": ["registers.hash_for_part"],
    "the printed list of codes, or the national set": ["registers.code_list"],
    "the printed titles of codes, or the national ones": ["registers.code_titles"],
    "X without a limit of age": ["registers.x_for_csa"],
    "headings without a text": ["governance.gap_report", "governance.headings_without_text"],
    "leaving during the day": ["registers.left_during_day"],
    "monthly for all, or for some; half-termly and termly": ["monitoring.reviews"],
    "who does what": ["roles.holders", "roles.senior_leader"],
    "who the EWO is": ["la.contact"],
    "pupils below compulsory school age": ["scope.non_csa"],
    "excellent and outstanding": ["reward.excellent_percent", "reward.late_allowed", "reward.forgiven_codes"],
    "ties, and brothers and sisters": ["reward.tie", "reward.one_message_a_family"],
    "gate, door and start of the day": ["registers.am_marked_by.key_stage_1"],
    "target, floor and national figure": ["stage.target_percent", "performance.floor_percent"],
    "what the MIS is called": ["registers.mis_name"],
    "two adults, and two numbers, wherever possible": ["contacts.min_adults", "contacts.min_numbers"],
    "the review of September 2024": ["governance.next_review"],
    "medical evidence, not usually or on request": ["illness.evidence_spells"],
    "a referral at any time, or always after a term": ["stage.referral"],
    "registers on paper": ["registers.paper_fallback"],
    "persistent absence in mid-year": ["stage.period"],
    "support before a penalty notice": ["penalty_notice.require_support_log"],
}
"""Each place at which the policy contradicts itself, or the law, or leaves a choice: the parameters that decide it."""

SHOWN_BY_A_TEST = {
    "governance.gap_report": "tests/unit/policy/test_gaps.py::test_by_the_other_reading_the_gaps_stand_on_no_list",
    "governance.headings_without_text": (
        "tests/unit/policy/test_gaps.py::test_a_heading_that_got_its_text_is_no_gap_any_more"
    ),
    "registers.code_titles": (
        "tests/acceptance/test_register_extract.py::"
        "test_by_the_other_reading_a_code_has_the_title_that_the_policy_prints"
    ),
}
"""The switches that no rule reads, each with the test in which the other reading has another outcome."""

NAMES = sorted({name for names in AMBIGUITIES.values() for name in names})


def test_every_ambiguity_that_was_found_is_decided_by_a_parameter():
    missing = {what: [n for n in names if n not in the_parameters()] for what, names in AMBIGUITIES.items()}
    assert len(AMBIGUITIES) == 53
    assert {what: names for what, names in missing.items() if names} == {}


@pytest.mark.parametrize("name", NAMES)
def test_it_says_which_reading_is_taken_and_where_the_other_leads(name):
    for value in the_parameters()[name].values:
        assert re.search("[Oo]ther reading", f"{value.cites} {value.says}"), value.cites


@pytest.mark.parametrize("name", NAMES)
def test_the_other_reading_has_another_outcome(name):
    """Were the switch not read, a case or the named test would fail: one with the other reading, or one without it."""
    if name in SHOWN_BY_A_TEST:
        where, function = SHOWN_BY_A_TEST[name].split("::")
        assert f"def {function}(" in (ROOT / where).read_text(encoding="utf-8")
        return
    assert any(not holds(rule, case) for rule, case in _as_by_the_other_reading(name)), name


def _as_by_the_other_reading(name):
    """The cases that have another reading without it, and the others with each of these."""
    shipped, cases = the_parameters()[name], readers()[name]
    others = {case.world.parameters[name] for _, case in cases} - {shipped}
    if shipped.kind in COUNTED:
        others |= {moved(shipped, -1), moved(shipped, 1)}
    for rule, case in cases:
        instead = [shipped] if case.world.parameters[name] in others else others
        yield from ((rule, with_value(case, other)) for other in instead)


def test_the_parameters_lie_where_the_school_finds_them():
    folder = parameter_folder(shipped_config())
    assert [name for name in NAMES if not (folder / f"{name.replace('.', '/')}.yaml").is_file()] == []
