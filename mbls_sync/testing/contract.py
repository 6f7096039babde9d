"""The base of every contract: tests that an author inherits and cannot quietly weaken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

KIT = "mbls_sync.testing."
GUARD = "test_the_contract_is_whole"


class Contract:
    """Inherit a subclass of this, say what is under test, and every promise made to others is tested.

    An inherited test that does not hold for a known reason is marked `pytest.mark.xfail(reason=...)`; it is
    never removed or replaced.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.__module__.startswith(KIT) and GUARD in vars(cls):
            raise TypeError(f"{cls.__name__} replaces {GUARD}, which keeps the contract whole; remove it")

    def test_the_contract_is_whole(self) -> None:
        """No inherited test was removed or rewritten without xfail and a reason."""
        broken = [name for name in inherited_tests(type(self)) if is_weakened(type(self), name)]
        assert not broken, (
            f"{type(self).__name__} removes or rewrites {', '.join(broken)}; mark it "
            f"xfail(reason=...) and call the inherited test, or mend what it found"
        )


def inherited_tests(cls: type) -> Iterator[str]:
    """The name of every test that the kit gives to a class."""
    for base in cls.__mro__:
        if base.__module__.startswith(KIT):
            yield from (name for name in vars(base) if name.startswith("test_"))


def is_weakened(cls: type, name: str) -> bool:
    """Whether a class stands between the kit and its test, without a reason."""
    here: Any = getattr(cls, name, None)
    if here is None:
        return True
    of_the_kit = next(vars(b)[name] for b in cls.__mro__ if name in vars(b) and b.__module__.startswith(KIT))
    return here is not of_the_kit and not _has_reason(here)


def _has_reason(test: Any) -> bool:
    marks = getattr(test, "pytestmark", [])
    return any(mark.name == "xfail" and mark.kwargs.get("reason") for mark in marks)
