"""The check letter of a unique pupil number (UPN).

Source: the DfE's unique pupil number guidance and the Common Basic Data Set: characters 2 to 13 are
multiplied by 2 to 13 and summed; the sum modulo 23 picks from an alphabet without I, O and S. A letter at
the end (a temporary UPN) counts as its place in that alphabet.
"""

from __future__ import annotations

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"


def upn_check_letter(rest: str) -> str:
    """The letter that goes before the twelve characters `rest`. Raises ValueError where they cannot be a UPN's."""
    if len(rest) != 12 or not rest[:-1].isdigit() or not (rest[-1].isdigit() or rest[-1] in ALPHABET):
        raise ValueError("a UPN is a letter, eleven digits, and a digit or a letter that is not I, O or S")
    values = [int(ch) if ch.isdigit() else ALPHABET.index(ch) for ch in rest]
    return ALPHABET[sum(place * value for place, value in enumerate(values, start=2)) % 23]


def is_valid_upn(upn: str) -> bool:
    """Whether the form is right and the check letter agrees."""
    try:
        return len(upn) == 13 and upn[0] == upn_check_letter(upn[1:])
    except ValueError:
        return False
