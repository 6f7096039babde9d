"""Small rules to drive the engine with: enough of first-day calling and coding to open, withdraw and write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from mbls_sync.declare import RuleInfo
from mbls_sync.figures.history import History
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import Proposal, RaiseTask, Rank, SetCode
from mbls_sync.model.sessions import Session
from mbls_sync.model.subjects import PupilSession, Register
from mbls_sync.policy.view import PolicyAt


@dataclass(frozen=True)
class SmallRule:
    """A rule made of one function, which is given all that its judge may be given."""

    info: RuleInfo
    judge: str
    function: Callable[..., Iterable[Proposal]]

    def __call__(self, given: Mapping[str, Any]) -> list[Proposal]:
        """Run the rule to its end."""
        return list(self.function(**given))


def small_rule(id: str, judge: str, function: Callable[..., Iterable[Proposal]]) -> SmallRule:
    """A rule with this id and judge."""
    return SmallRule(RuleInfo(id, "Absence procedures", "made up for a test"), judge, function)


def rules_of(*rules: SmallRule) -> Callable[[str], Sequence[SmallRule]]:
    """The rules as a registry gives them, by judge, in the order in which they stand here."""
    return lambda hook: [rule for rule in rules if rule.judge == hook]


def a_task(pupil: PupilId | None, session: Session, zone: Any, kind: str = "call-home", **fields: Any) -> RaiseTask:
    """A task about one session, due at noon of its day."""
    due = session.at(time(12), zone)
    made_up: dict[str, Any] = {"pupil": pupil, "session": session, "rank": Rank.NO_CONTACT, "role": "office"}
    return RaiseTask(kind=kind, title="Call home", why="no reason is known", due=due, **(made_up | fields))


def _call_home(
    pupil_session: PupilSession, history: History, policy: PolicyAt, now: datetime, **_: Any
) -> Iterable[Proposal]:
    starts = pupil_session.at(policy.time_of_day("first_day_calling.starts_at"))
    if pupil_session.is_explained or history.message_covers(pupil_session) or now < starts:
        return
    yield a_task(pupil_session.pupil, pupil_session.session, pupil_session.zone)


def _escalate(
    pupil_session: PupilSession, history: History, policy: PolicyAt, now: datetime, **_: Any
) -> Iterable[Proposal]:
    starts = pupil_session.at(policy.time_of_day("first_day_calling.escalate_at"))
    if pupil_session.is_explained or history.message_covers(pupil_session) or now < starts:
        return
    yield a_task(pupil_session.pupil, pupil_session.session, pupil_session.zone, "no-contact", rank=Rank.SAFEGUARDING)


def _blank_is_n(pupil_session: PupilSession, policy: PolicyAt, now: datetime, **_: Any) -> Iterable[Proposal]:
    closes = pupil_session.at(policy.time_of_day("registers.am_closes"))
    if not pupil_session.code and now >= closes:
        yield SetCode(pupil_session, "N", "no mark when the register closed")


def _late(pupil_session: PupilSession, history: History, policy: PolicyAt, **_: Any) -> Iterable[Proposal]:
    closes = policy.time_of_day("registers.am_closes")
    came = [sign_in.time for sign_in in history.sign_ins_on(pupil_session.session.day)]
    if came and not pupil_session.is_explained:
        code = policy.text("registers.late_before_close" if came[0] < closes else "registers.late_after_close")
        yield SetCode(pupil_session, code, f"signed in at {came[0]:%H:%M}")


def _ill(pupil_session: PupilSession, history: History, **_: Any) -> Iterable[Proposal]:
    if history.message_covers(pupil_session) and not pupil_session.is_explained:
        yield SetCode(pupil_session, "I", "home says that the pupil is ill")


def _not_taken(register: Register, **_: Any) -> Iterable[Proposal]:
    if not register.is_taken:
        yield a_task(None, register.session, register.zone, "register-not-taken", occasion=_name(register))


def _name(register: Register) -> str:
    return f"{register.session} {register.class_name}"


CALL_HOME = small_rule("FDC-T1", "judge_session", _call_home)
ESCALATE = small_rule("FDC-T2", "judge_session", _escalate)
BLANK_IS_N = small_rule("REG-T4", "judge_session", _blank_is_n)
LATE = small_rule("REG-T2", "judge_session", _late)
ILL = small_rule("REG-T9", "judge_session", _ill)
NOT_TAKEN = small_rule("REG-T1", "judge_register", _not_taken)
SMALL_RULES = (CALL_HOME, ESCALATE, BLANK_IS_N, LATE, NOT_TAKEN)
"""A school's day in miniature; `ILL` apart, because it and `BLANK_IS_N` contradict each other on purpose."""


def school_day(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day, naive: the school's own time."""
    return datetime.combine(day, time(hour, minute))
