"""A gap of the policy is told every day, and nothing is invented to fill it."""

from datetime import date

from mbls_sync.model.sessions import Session
from mbls_sync.policy.gaps import gaps
from mbls_sync.testing.builders import a_parameter, the_parameters

TODAY = date(2026, 11, 24)


def told(day=TODAY, **made_up):
    changed = {name: a_parameter(name, kind, value) for name, (kind, value) in made_up.items()}
    return gaps({**the_parameters(), **changed}, day)


def test_the_overdue_review_and_the_two_empty_headings_are_told():
    review, headings = told()
    assert "due for review by 30 September 2024" in review
    assert "“Truancy” and “Missing children”" in headings


def test_on_the_day_of_the_review_it_is_not_overdue_and_the_day_after_it_is():
    assert [len(told(day)) for day in (date(2024, 9, 30), date(2024, 10, 1))] == [1, 2]


def test_a_policy_that_was_adopted_anew_has_no_overdue_review():
    assert not any("review" in text for text in told(**{"governance.next_review": ("date", date(2027, 9, 1))}))


def test_by_the_other_reading_the_gaps_stand_on_no_list():
    assert told(**{"governance.gap_report": ("flag", False)}) == ()


def test_before_the_policy_began_there_is_nothing_to_tell():
    assert told(Session.parse("2023-08-31 AM").day) == ()


def test_a_heading_that_got_its_text_is_no_gap_any_more():
    told_of = told(**{"governance.headings_without_text": ("text", "Truancy")})
    assert [("Truancy" in text, "Missing" in text) for text in told_of[1:]] == [(True, False)]
