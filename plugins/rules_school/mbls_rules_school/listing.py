"""Pupils who stand in one task's list: a line each, by class and name."""

from collections.abc import Callable, Iterable

from mbls_sync.api import Facts, History


def lines(histories: Iterable[History], says: Callable[[History], str]) -> Facts:
    """A line for each pupil: name and class, and what is said of them."""
    ordered = sorted(histories, key=lambda h: (h.pupil.class_name, h.pupil.name, h.pupil.id))
    return tuple((f"{history.pupil.name}, {history.pupil.class_name}", says(history)) for history in ordered)


def counted(number: int, one: str, many: str = "") -> str:
    """`1 pupil`, `2 pupils`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
