"""What may be written at all: which codes may be replaced, which may be set, and how many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mbls_sync.engine.world import World
from mbls_sync.model.codes import NO_MARK, Code, CodeStanding
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.proposals import SetCode
from mbls_sync.policy.view import PolicyAt

PRINTED_BLANK = "-"
"""How a list of codes names the session without a mark, as an MIS prints it."""


def replaceable_codes(world: World, day: date) -> frozenset[Code]:
    """The codes that may be replaced on a day; everything else belongs to the person who entered it.

    The parameter names them with blanks or commas between; `-` is a session without a mark.
    """
    text = world.policy(day).text("write.replaceable_codes")
    return frozenset(NO_MARK if word == PRINTED_BLANK else word for word in text.replace(",", " ").split())


def may_be_set(world: World, wanted: SetCode) -> CodeStanding:
    """How the wanted code stands on the session's own date at the pupil's age; only a valid one is written."""
    pupil = world.pupils.get(wanted.subject.pupil)
    is_csa = pupil is None or pupil.is_compulsory_school_age(wanted.subject.session.day)
    return world.codebook.standing(wanted.code, wanted.subject.session.day, is_csa)


@dataclass(frozen=True, slots=True)
class Hold:
    """Marks that wait for a person before any of them is written: what kind of wait, why in words, and which."""

    kind: str
    reason: str
    keys: tuple[str, ...]


OVER_CAP, OLD_DAYS, CODES = "write-cap", "write-old", "write-codes"
"""The kinds of `Hold`: too many at once, on days long past, of codes that the MIS does not take."""


def over_cap(world: World, waiting: Sequence[Effect], written_today: int) -> Hold | None:
    """Whether the marks that wait are more than one pass, or with those written today one day, may write by itself.

    All of them wait then: a fault that changes half a register must not get through in slices.
    """
    policy = world.policy()
    most, most_a_day = policy.count("write.max_changes_per_pass"), policy.count("write.max_changes_per_day")
    keys = _keys(waiting)
    if len(waiting) > most:
        return Hold(OVER_CAP, f"{len(waiting)} marks wait to be written; one pass may write {most}", keys)
    if waiting and written_today + len(waiting) > most_a_day:
        already = f"{written_today} were written today already" if written_today else "none was written today"
        return Hold(OVER_CAP, f"{len(waiting)} marks wait and {already}; one day may write {most_a_day}", keys)
    share = policy.percent("write.max_share_of_register")
    for (name, session), count in sorted(_by_register(waiting).items()):
        size = len(world.by_class.get(name, ()))
        if size and 100 * count > share * size:
            reason = f"{count} of {size} marks of {name} on {session} wait to be written; {share}% may be"
            return Hold(OVER_CAP, reason, keys)
    return None


def on_old_days(world: World, waiting: Sequence[Effect]) -> Hold | None:
    """Those of the marks that lie further back than the policy lets the program write without a person."""
    days = world.policy().days("write.confirm_after_days")
    old = [effect for effect in waiting if _school_days_ago(world, effect) > days]
    if not old:
        return None
    return Hold(OLD_DAYS, f"marks more than {days} school days back: {len(old)}", _keys(old))


def codes_to_write(world: World, marks: Sequence[Effect]) -> frozenset[Code]:
    """Every code that an MIS must take before the first mark is written: those of the policy, and of `marks`."""
    return codes_of_policy(world.policy()) | {
        effect.proposal.code for effect in marks if isinstance(effect.proposal, SetCode)
    }


def codes_of_policy(policy: PolicyAt) -> frozenset[Code]:
    """The codes that the rules set by themselves."""
    return frozenset(policy.text("write.codes").replace(",", " ").split())


def _school_days_ago(world: World, effect: Effect) -> int:
    wanted = effect.proposal
    if not isinstance(wanted, SetCode) or wanted.subject.session.day >= world.today:
        return 0
    return world.calendar.school_days_between(wanted.subject.session.day + timedelta(days=1), world.today)


def _keys(effects: Sequence[Effect]) -> tuple[str, ...]:
    return tuple(sorted(effect.key for effect in effects))


def _by_register(waiting: Sequence[Effect]) -> Counter[tuple[str, str]]:
    asked = (effect.proposal for effect in waiting)
    return Counter((p.subject.class_name, str(p.subject.session)) for p in asked if isinstance(p, SetCode))
