"""A letter waits for the task that stands before it; praise does not, and a task that holds nothing stands not."""

from datetime import UTC, datetime

from mbls_sync.engine.holding import held
from mbls_sync.engine.keys import key_of, pupil_of
from mbls_sync.model.decisions import Because, Decision
from mbls_sync.model.proposals import DraftLetter, RaiseTask, Rank

DUE = datetime(2026, 11, 24, 16, tzinfo=UTC)


def decided(proposal, rule="XXX-01"):
    return Decision(key_of("example", rule, proposal), proposal, Because(rule, ""), pupil_of(proposal))


def a_check(pupil="P1"):
    return decided(RaiseTask("check", "Check", "a plan", DUE, "SENCO", Rank.CLOCK, pupil, holds_letters=True))


def a_letter(pupil="P1", **more):
    return decided(DraftLetter("support-letter", pupil, "officer", "1", "Write", "93%", DUE, "sent", **more))


def test_a_letter_waits_for_the_check_of_its_pupil():
    check, letter = a_check(), a_letter()
    assert held([check, letter]) == [check]


def test_a_letter_about_another_pupil_does_not_wait():
    check, letter, other = a_check(), a_letter(), a_letter("P2")
    assert held([check, letter, other]) == [check, other]


def test_a_check_is_not_asked_for_where_no_letter_waits():
    assert held([a_check()]) == []


def test_praise_waits_for_nothing():
    check, praise = a_check(), a_letter(is_praise=True)
    assert held([check, praise]) == [praise]


def test_an_answer_that_home_waits_for_waits_for_nothing():
    check, answer = a_check(), a_letter(answers=True)
    assert held([check, answer]) == [answer]


def test_a_letter_that_is_no_pupils_waits_for_nothing():
    check, letter = a_check(), a_letter(pupil=None)
    assert held([check, letter]) == [letter]


def test_what_every_family_is_told_waits_for_nothing():
    check, statement = a_check(), a_letter(to_all=True)
    assert held([check, statement]) == [statement]
