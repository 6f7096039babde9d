"""A name that an object of JSON says twice: nobody can tell which of the two counts, so neither does."""

from __future__ import annotations

from typing import Any


class SaidTwice(dict[str, Any]):
    """Stands where such a name stood. It is no value, and whatever is looked for within it is itself."""

    def __init__(self, name: str) -> None:
        super().__init__({name: "said twice"})
        self.name = name

    def get(self, *_: Any) -> Any:
        """Itself."""
        return self

    def __missing__(self, _: Any) -> Any:
        return self

    @property
    def why(self) -> str:
        """What is wrong, for whoever has to mend it."""
        return f"says {self.name[:40]!r} twice in one object, so that which one counts would be a guess"


def one_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs, a name said twice in it marked as such. Given to the parser of JSON."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                found[name] = SaidTwice(name)
            seen.add(name)
    return found
