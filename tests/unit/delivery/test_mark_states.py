"""Whatever an MIS, a teacher, a crash and a person do in whatever order, a mark keeps to the states it may have."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mbls_sync.delivery.follow_up import Patience
from mbls_sync.delivery.mark_moves import Moves
from mbls_sync.delivery.marks import MarkDesk, recover
from mbls_sync.engine.dead_letters import dead_as
from mbls_sync.errors import BadPayload, Unreachable
from mbls_sync.model.codes import CodeStanding, Meaning
from mbls_sync.model.decisions import Because
from mbls_sync.model.deliveries import (
    Accepted,
    Effect,
    Kind,
    MarkKey,
    MarkWrite,
    PushResult,
    Refused,
    State,
    Unknown,
)
from mbls_sync.model.marks import Mark, PupilId
from mbls_sync.model.proposals import SetCode
from mbls_sync.model.pupils import Phase
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.subjects import PupilSession
from mbls_sync.store import outbox
from mbls_sync.store.database import open_store
from mbls_sync.testing.builders import ZONE

PUPIL = PupilId("P1")
AM = Session(date(2026, 11, 9), Period.AM)
WITHIN, LOOK = timedelta(minutes=60), timedelta(minutes=10)
HOW = ("accept", "accept later", "refuse", "lost and landed", "lost and gone", "lost and late", "away", "raises")


class Killed(Exception):
    """The process died, here and now."""


class Mis:
    """Holds one mark, and does with a write what it was told to."""

    recomputes = False

    def __init__(self) -> None:
        self.code, self.how, self.kill = "", "accept", ""
        self.sent: list[str] = []
        self.outcome: Accepted | Refused | None = None
        self.due = False

    def check(self) -> tuple[()]:
        return ()

    def pull(self, _: Mapping[str, str]) -> tuple[()]:
        return ()

    def read(self, keys: Sequence[MarkKey]) -> Mapping[MarkKey, Mark]:
        return {key: Mark(PUPIL, AM, self.code) for key in keys if self.code}

    def outcomes(self, references: Sequence[str]) -> Mapping[str, Accepted | Refused]:
        return {reference: self.outcome for reference in references if self.outcome is not None}

    def push(self, writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        if self.kill == "before":
            raise Killed
        if self.how == "away":
            raise Unreachable("the MIS does not answer")
        self.sent.append(self.code)
        self.outcome, self.due = None, self.how in ("accept later", "lost and late")
        if self.how in ("accept", "lost and landed", "raises"):
            self.code = writes[0].mark.code
            self.outcome = Accepted("ref")
        if self.kill == "after":
            raise Killed
        if self.how == "raises":
            raise BadPayload("an answer that nobody can read")
        said = {"accept": Accepted("ref"), "accept later": Accepted("ref"), "refuse": Refused("locked")}
        return [said.get(self.how, Unknown("no answer came"))]


class MarkStates(RuleBasedStateMachine):
    """One mark, from blank to N."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = open_store(f"sqlite:///{Path(self.folder.name)}/outbox.sqlite3", "example")
        self.now = datetime(2026, 11, 9, 9, 16, tzinfo=UTC)
        self.mis, self.retries, self.theirs = Mis(), 0, ""

    @initialize(recomputes=st.booleans())
    def open(self, recomputes: bool) -> None:
        self.mis.recomputes = recomputes
        subject = PupilSession(
            pupil=PUPIL,
            session=AM,
            code="",
            meaning=Meaning.NO_MARK,
            standing=CodeStanding.VALID,
            zone=ZONE,
            phase=Phase.KEY_STAGE_1,
            class_name="2T",
            expected=True,
            register_taken=True,
        )
        wanted = SetCode(subject, "N", "no mark at close")
        effect = Effect("key", Kind.MARK, State.PLANNED, PUPIL, wanted, Because("REG-04", ""), self.now, self.now)
        with self.store.begin() as tx:
            outbox.put(tx, effect, "open")

    @property
    def effect(self) -> Effect:
        with self.store.read() as tx:
            found = outbox.by_key(tx, "key")
        assert found is not None
        return found

    @rule(how=st.sampled_from(HOW), kill=st.sampled_from(("", "", "", "before", "after")))
    def pass_(self, how: str, kill: str) -> None:
        """A pass, as the pipeline makes one; it may be killed around the write."""
        self.mis.how, self.mis.kill = how, kill
        recover(self.store, self.now)
        before, held, count = self.effect.state, self.mis.code, len(self.mis.sent)
        moves = Moves(self.store, lambda: self.now)
        desk = MarkDesk(self.mis, lambda _: frozenset({"", "N"}), Patience(WITHIN, LOOK), moves)
        try:
            desk.read_back()
            if self.effect.state in (State.PLANNED, State.APPROVED):
                desk.send([self.effect])
        except Killed:
            assert self.effect.state is State.SENDING
        if len(self.mis.sent) > count:
            assert before in (State.PLANNED, State.APPROVED)
            assert held == "", "a person's mark was written over"

    @rule(minutes=st.sampled_from((1, 11, 61)))
    def time_goes_by(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(code=st.sampled_from(("I", "L", "")))
    def a_teacher_enters_a_mark(self, code: str) -> None:
        self.mis.code = self.theirs = code
        self.mis.due = False

    @precondition(lambda self: self.mis.due)
    @rule(comes_to=st.sampled_from((Accepted("ref"), Refused("the register was locked by then"))))
    def what_was_under_way_comes_to_its_outcome(self, comes_to: Accepted | Refused) -> None:
        self.mis.due, self.mis.outcome = False, comes_to
        if isinstance(comes_to, Accepted):
            self.mis.code = "N"

    @precondition(lambda self: self.mis.recomputes and self.mis.code == "N")
    @rule()
    def the_mis_derives_the_mark_away(self) -> None:
        self.mis.code = ""

    @precondition(lambda self: dead_as(self.effect, self.now, WITHIN) is not None)
    @rule()
    def a_person_has_it_written_again(self) -> None:
        self.retries += 1
        before = self.effect.state
        with self.store.begin() as tx:
            outbox.move(tx, "key", State.PLANNED, reason="seen", now=self.now, expect=(before,), receipt="")

    @invariant()
    def it_is_sent_once_for_each_time_that_a_person_said_so(self) -> None:
        assert len(self.mis.sent) <= 1 + self.retries

    @invariant()
    def what_is_unknown_or_accepted_comes_to_a_person_in_the_end(self) -> None:
        effect = self.effect
        if effect.state in (State.UNKNOWN, State.ACCEPTED):
            assert dead_as(effect, effect.changed_at + WITHIN, WITHIN) is not None

    @invariant()
    def it_was_seen_in_the_mis_before_it_is_called_verified(self) -> None:
        effect = self.effect
        if effect.state is State.VERIFIED:
            assert "the MIS shows N" in effect.reason

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


TestMarkStates = MarkStates.TestCase
TestMarkStates.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)
