"""What may be written at all: which codes may be replaced, which may be set, and how many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mbls_sync.engine.world import World
from mbls_sync.model.codes import NO_MARK, Code, CodeStanding
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.proposals import SetCode

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
class Cap:
    """More marks wait to be written than a pass may write without a person: why, in words, and which."""

    reason: str
    keys: tuple[str, ...]


def over_cap(world: World, waiting: Sequence[Effect]) -> Cap | None:
    """Whether the marks that wait are more than one pass may write by itself.

    All of them wait then: a fault that changes half a register must not get through in slices.
    """
    policy = world.policy()
    most = policy.count("write.max_changes_per_pass")
    keys = tuple(sorted(effect.key for effect in waiting))
    if len(waiting) > most:
        return Cap(f"{len(waiting)} marks wait to be written; one pass may write {most}", keys)
    share = policy.percent("write.max_share_of_register")
    for (name, session), count in sorted(_by_register(waiting).items()):
        size = len(world.by_class.get(name, ()))
        if size and 100 * count > share * size:
            return Cap(f"{count} of {size} marks of {name} on {session} wait to be written; {share}% may be", keys)
    return None


def _by_register(waiting: Sequence[Effect]) -> Counter[tuple[str, str]]:
    asked = (effect.proposal for effect in waiting)
    return Counter((p.subject.class_name, str(p.subject.session)) for p in asked if isinstance(p, SetCode))
