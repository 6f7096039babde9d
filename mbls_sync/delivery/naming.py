"""Whether a text names another pupil: by number, by both names, or a brother or sister by forename."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from mbls_sync.model.pupils import Pupil


def naming_others(pupil: Pupil, others: Iterable[Pupil], family: Iterable[Pupil]) -> Callable[[str], bool]:
    """Tells whether a text names one of `others`; of those in `family` a forename is enough.

    What the pupil shares with them, a forename or both names, names nobody else.
    """
    own = {*_forenames(pupil), *_in_full(pupil)}
    named = {name for other in others for name in (*_in_full(other), *_numbers(other))}
    named |= {name for other in family for name in _forenames(other)}
    words = sorted((re.escape(name) for name in named - own), key=lambda word: (-len(word), word))
    if not words:
        return lambda _: False
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")
    return lambda text: pattern.search(" ".join(text.casefold().split())) is not None


def _forenames(pupil: Pupil) -> Iterator[str]:
    for name in (pupil.forename, pupil.preferred_forename):
        if name.strip():
            yield " ".join(name.casefold().split())


def _in_full(pupil: Pupil) -> Iterator[str]:
    surname = " ".join(pupil.surname.casefold().split())
    for forename in _forenames(pupil) if surname else ():
        yield from (f"{forename} {surname}", f"{surname} {forename}", f"{surname}, {forename}")


def _numbers(pupil: Pupil) -> Iterator[str]:
    yield from (number.casefold() for number in {pupil.id, pupil.upn} if number)
