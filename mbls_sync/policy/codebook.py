"""The national attendance codes, each with the dates over which it says what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from mbls_sync.errors import ParameterError
from mbls_sync.model.codes import NO_MARK, AgeRule, Code, CodeEntry, CodeStanding, Meaning
from mbls_sync.policy.yaml_text import Node, read_yaml

E = TypeVar("E", Meaning, AgeRule)


@dataclass(frozen=True)
class CodeBook:
    """Every code of every national set, in the file's order.

    What a mark counts as is asked with the session's own date, never with today's.
    """

    entries: tuple[CodeEntry, ...]
    file: Path | None = None

    @cached_property
    def _by_code(self) -> Mapping[Code, tuple[CodeEntry, ...]]:
        found: dict[Code, list[CodeEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.code, []).append(entry)
        return {code: tuple(sorted(dated, key=_start)) for code, dated in found.items()}

    @property
    def codes(self) -> tuple[Code, ...]:
        """Every code that any set knows, in the file's order."""
        return tuple(self._by_code)

    def entry(self, code: Code, day: date) -> CodeEntry | None:
        """The entry by which a mark of `day` is read; None for a code that no set knows.

        That is the entry in force; else the last that was withdrawn before, so that a mark which a live MIS
        still sends keeps its old meaning; else the first that began later. `standing` says which of them it is.
        """
        dated = self._by_code.get(code, ())
        begun = [entry for entry in dated if _start(entry) <= day]
        return begun[-1] if begun else next(iter(dated), None)

    def meaning(self, code: Code, day: date) -> Meaning:
        """What a mark of `day` counts as. Raises ParameterError for a code that no set knows."""
        if code == NO_MARK:
            return Meaning.NO_MARK
        return self._known(code, day).meaning

    def title(self, code: Code, day: date) -> str:
        """What the code says on `day`, in words. Raises ParameterError for a code that no set knows."""
        return "no mark" if code == NO_MARK else self._known(code, day).title

    def standing(self, code: Code, day: date, is_csa: bool) -> CodeStanding:
        """How the code stands for one pupil on `day`; `is_csa`: of compulsory school age on that day."""
        if code == NO_MARK:
            return CodeStanding.VALID
        entry = self.entry(code, day)
        if entry is None:
            return CodeStanding.UNKNOWN
        if _start(entry) > day:
            return CodeStanding.NOT_YET
        if entry.valid_to is not None and entry.valid_to < day:
            return CodeStanding.WITHDRAWN
        if entry.age is (AgeRule.NON_CSA_ONLY if is_csa else AgeRule.CSA_ONLY):
            return CodeStanding.WRONG_AGE
        return CodeStanding.VALID if entry.plausible else CodeStanding.IMPLAUSIBLE

    def pairs(self) -> tuple[tuple[Code, Meaning], ...]:
        """Each code with each meaning it has or had, in the file's order: what the register's encoding must hold."""
        return tuple(dict.fromkeys((entry.code, entry.meaning) for entry in self.entries))

    def codes_on(self, day: date) -> tuple[CodeEntry, ...]:
        """The national set in force on `day`, in the file's order."""
        return tuple(entry for entry in self.entries if _in_force(entry, day))

    def _known(self, code: Code, day: date) -> CodeEntry:
        entry = self.entry(code, day)
        if entry is None:
            raise ParameterError(
                f"{code!r} is not a national attendance code, so what it counts as is not known; "
                f"quarantine the mark, or add the code with its dates and citation",
                file=self.file,
            )
        return entry


def load_codes(file: Path) -> CodeBook:
    """Read the codes. Raises ParameterError with file and line at the first that is not exactly right."""
    root = read_yaml(file).fields("the codes", ("codes",))["codes"]
    entries = [entry for node in root.items("codes") for entry in _code(node)]
    if not entries:
        raise root.refuse("there is no code; add the national set")
    repeated = _first_repeated(entry["code"] for entry in (n.table() for n in root.items()))
    if repeated is not None:
        raise repeated.refuse(f"the code {repeated.text()!r} stands twice; keep all its dates under one entry")
    return CodeBook(tuple(entries), file)


def _code(node: Node) -> Sequence[CodeEntry]:
    fields = node.fields("a code", ("code", "dated"))
    code = fields["code"].filled("a code (in quotes where it is # or \\)")
    if len(code) > 2:
        raise fields["code"].refuse(f"the code {code!r} is longer than two characters")
    entries = [_entry(code, dated) for dated in fields["dated"].items("dated")]
    if not entries:
        raise node.refuse(f"the code {code!r} has no dated meaning; add one")
    for earlier, later in pairwise(entries):
        if earlier.valid_to is None or later.valid_from is None or earlier.valid_to >= later.valid_from:
            raise node.refuse(f"the dates of the code {code!r} overlap or are out of order; end one before the next")
    return entries


def _entry(code: Code, node: Node) -> CodeEntry:
    fields = node.fields(
        f"a meaning of {code!r}",
        ("title", "meaning", "cites"),
        ("from", "to", "age", "successor", "plausible"),
    )
    first, last = (fields[key].day(key) if key in fields else None for key in ("from", "to"))
    if first and last and last < first:
        raise fields["to"].refuse(f"the code {code!r} ends before it begins")
    return CodeEntry(
        code=code,
        title=fields["title"].filled("title"),
        meaning=_word(fields["meaning"], Meaning),
        valid_from=first,
        valid_to=last,
        cites=fields["cites"].filled("cites"),
        age=_word(fields["age"], AgeRule) if "age" in fields else AgeRule.ANY,
        successor=fields["successor"].filled("successor") if "successor" in fields else None,
        plausible=_yes(fields["plausible"]) if "plausible" in fields else True,
    )


def _word(node: Node, words: type[E]) -> E:
    try:
        return words(node.filled())
    except ValueError:
        raise node.refuse(f"{node.text()!r} is not one of {', '.join(words)}") from None


def _yes(node: Node) -> bool:
    if node.text() not in ("yes", "no"):
        raise node.refuse("plausible is yes or no")
    return node.text() == "yes"


def _start(entry: CodeEntry) -> date:
    return entry.valid_from or date.min


def _in_force(entry: CodeEntry, day: date) -> bool:
    return _start(entry) <= day and (entry.valid_to is None or day <= entry.valid_to)


def _first_repeated(nodes: Iterable[Node]) -> Node | None:
    seen: set[str] = set()
    for node in nodes:
        if node.text() in seen:
            return node
        seen.add(node.text())
    return None
