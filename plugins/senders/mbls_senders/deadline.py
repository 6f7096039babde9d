"""A deadline for the whole of a sending: a server that answers now and then, or never, must not hold up a pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Annotated

from pydantic import Field

TotalSeconds = Annotated[int, Field(gt=0, le=3600)]
"""How long one file may take from the first word to the last, whatever the server says in between."""


def cut_after(seconds: float, cut: Callable[[], object]) -> Timer:
    """Call `cut` once the time is over, unless the timer that is returned is cancelled before."""
    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    return timer


@contextmanager
def within(seconds: float, cut: Callable[[], object]) -> Iterator[None]:
    """Cut the connection where this takes longer: whoever waits for an answer then hears that it is gone."""
    timer = cut_after(seconds, cut)
    try:
        yield
    finally:
        timer.cancel()
