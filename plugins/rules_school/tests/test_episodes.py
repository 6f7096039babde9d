"""A stage once reached is one episode: no step is asked for twice in it, and closing the case begins the next."""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from mbls_rules_school.staged_intervention import (
    stg_01_support_letter,
    stg_02_support_meeting,
    stg_03_review_meeting,
    stg_06_formal_review,
)

from mbls_sync.engine.keys import key_of
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.testing.builders import ZONE, Someone, a_pupil, a_world, the_calendar
from mbls_sync.testing.filling import present
from mbls_sync.testing.running import bind, proposals

LETTERS = (stg_01_support_letter, stg_02_support_meeting, stg_03_review_meeting, stg_06_formal_review)
DAYS = [day for day in the_calendar().school_days if day >= datetime(2026, 4, 13, tzinfo=ZONE).date()]
PUPIL = PupilId("P1")


class Cases(RuleBasedStateMachine):
    """A pupil's days go by, marks are amended, letters are sent, the case is closed: in any order, over a summer."""

    def __init__(self):
        super().__init__()
        self.day, self.marks, self.events, self.sent = 20, {}, [], {}
        self.fill(DAYS[: self.day], 0)

    def fill(self, days, away):
        """The first `away` sessions of these days are missed, the others attended."""
        sessions = [session for day in days for session in the_calendar().sessions_on(day)]
        self.marks |= {s: "I" if n < away else present(s) for n, s in enumerate(sessions)}

    @property
    def now(self):
        return datetime.combine(DAYS[self.day], datetime.min.time(), tzinfo=ZONE) + timedelta(hours=15, minutes=30)

    def asked(self):
        """What the rules ask for now, by rule."""
        someone = Someone(a_pupil(), self.marks, events=tuple(self.events))
        world = a_world(self.now, someone)
        return [(module, found) for module in LETTERS for found in proposals(bind(module), world)]

    @precondition(lambda self: self.day < len(DAYS) - 40)
    @rule(days=st.integers(1, 30), away=st.integers(0, 12))
    def days_go_by(self, days, away):
        self.fill(DAYS[self.day : self.day + days], away)
        self.day += days

    @precondition(lambda self: self.day < len(DAYS) - 40)
    @rule(away=st.integers(5, 20))
    def a_poor_month(self, away):
        self.days_go_by(days=25, away=away)

    @rule(back=st.integers(1, 20), away=st.integers(0, 8))
    def marks_are_amended(self, back, away):
        self.fill(DAYS[max(self.day - back, 0) : self.day], away)

    @rule()
    def all_letters_are_sent(self):
        for module, letter in self.asked():
            key = key_of("example", module.__name__, letter)
            assert key not in self.sent, f"{letter.template} for {letter.occasion} is asked for a second time"
            self.sent[key] = letter
            self.events.append(Event(self.now, letter.sent_as, PUPIL))

    @precondition(lambda self: self.events)
    @rule()
    def the_case_is_closed(self):
        self.events.append(Event(self.now + timedelta(minutes=1), "case-closed", PUPIL))
        self.day += 1

    @invariant()
    def nobody_gets_two_letters_on_one_day(self):
        assert len(self.asked()) <= 1

    @invariant()
    def what_was_sent_is_not_asked_for_again(self):
        asked = {key_of("example", module.__name__, letter) for module, letter in self.asked()}
        assert not asked & set(self.sent)


TestCases = Cases.TestCase
TestCases.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
