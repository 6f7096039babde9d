"""Processes forked from one that has done all that each of them would do first."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typst


def in_child(work: Callable[[], object]) -> int:
    """Run in a process of its own; its exit status, negative where a signal ended it."""
    pid = os.fork()
    if pid == 0:
        status = 70
        try:
            work()
            status = 0
        finally:
            sys.stdout.flush()
            os._exit(status)
    _, ended = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(ended)


@contextmanager
def no_pdf() -> Iterator[None]:
    """Make no PDF: its compiler starts threads, which no process that is forked later has, and waits for them."""
    compiles = typst.compile
    vars(typst)["compile"] = lambda *_, **__: b""
    try:
        yield
    finally:
        vars(typst)["compile"] = compiles


def ready() -> None:
    """What is in memory by now stays as it is, and is shared by all that are forked."""
    gc.collect()
    gc.freeze()
