"""Whether words of the policy stand in what home has written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """The words of a text in lower case, one blank between and around them."""
    return f" {' '.join(''.join(ch if ch.isalnum() else ' ' for ch in text.casefold()).split())} "


def says(text: str, words: str) -> bool:
    """Whether these words, one after another and whole, stand in the text; the last may be its plural."""
    said, wanted = plain(text), plain(words).rstrip()
    return f"{wanted} " in said or f"{wanted}s " in said


def says_any(text: str, lines: str | Iterable[str]) -> bool:
    """Whether any line does; lines in one text are divided by commas."""
    return any(says(text, words) for words in (lines.split(",") if isinstance(lines, str) else lines))
