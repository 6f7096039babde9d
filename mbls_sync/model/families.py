"""Which pupils are probably one family: a guess, and always shown as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil


def families(roll: Sequence[Pupil]) -> Mapping[PupilId, PupilId]:
    """For each pupil the first id of their family: those at one address, or who share a contact's number."""
    head: dict[PupilId, PupilId] = {pupil.id: pupil.id for pupil in roll}

    def find(pupil: PupilId) -> PupilId:
        while head[pupil] != pupil:
            head[pupil] = head[head[pupil]]
            pupil = head[pupil]
        return pupil

    seen: dict[tuple[str, ...], PupilId] = {}
    for pupil in roll:
        for tie in _ties(pupil):
            one, other = sorted((find(seen.setdefault(tie, pupil.id)), find(pupil.id)))
            head[other] = one
    return {pupil.id: find(pupil.id) for pupil in roll}


def siblings(pupil: PupilId, roll: Sequence[Pupil]) -> tuple[Pupil, ...]:
    """The pupils on the roll who are probably of one family with `pupil`, without the pupil, in order of id."""
    heads = families(roll)
    mine = heads.get(pupil)
    found = (other for other in roll if other.id != pupil and mine is not None and heads[other.id] == mine)
    return tuple(sorted(found, key=lambda other: other.id))


def _ties(pupil: Pupil) -> Iterator[tuple[str, ...]]:
    """What another pupil may share. An address counts only with its postcode: every village has a 1 High Street."""
    if pupil.address.strip() and pupil.postcode.strip():
        yield "address", _plain(pupil.address), _plain(pupil.postcode)
    for number in pupil.numbers:
        yield "number", _national(number)


def _plain(text: str) -> str:
    return "".join(ch for ch in text.casefold() if ch.isalnum())


def _national(number: str) -> str:
    """One number is written 07700 900101 and +44 7700 900101."""
    for prefix in ("+44", "0044"):
        if number.startswith(prefix):
            return "0" + number.removeprefix(prefix).removeprefix("0")
    return number
