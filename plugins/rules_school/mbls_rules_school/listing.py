"""Pupils who stand in one task's list: a line each, by class and name."""

from collections.abc import Callable, Iterable

from mbls_sync.api import Facts, History, PupilId


def lines(histories: Iterable[History], says: Callable[[History], str]) -> Facts:
    """A line for each pupil: name and class, and what is said of them."""
    ordered = sorted(histories, key=lambda h: (h.pupil.class_name, h.pupil.name, h.pupil.id))
    return tuple((f"{history.pupil.name}, {history.pupil.class_name}", says(history)) for history in ordered)


def ids(histories: Iterable[History]) -> tuple[PupilId, ...]:
    """The pupils who have a line, each of whom the card's step is recorded of when it is done."""
    return tuple(sorted(history.pupil.id for history in histories))


def recorded_for_each(kind: str) -> str:
    """How a step is recorded of one pupil on a card, and of all who are left on it."""
    return (
        f"Record it as you go: mbls-sync events record {kind} --upn UPN; done, the card records it for all left on it."
    )


def counted(number: int, one: str, many: str = "") -> str:
    """`1 pupil`, `2 pupils`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
