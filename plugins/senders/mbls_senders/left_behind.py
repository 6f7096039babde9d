"""A process that does one thing at a folder for us, and is left behind where the folder hangs.

Whoever waits for a share that hangs cannot be stopped, not even killed, until the share answers; so nobody here waits
for it but that process. A killed one takes no further step: all that it may still do is end the one it is in.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from mbls_senders import putting

GRACE = 1.0
"""How many seconds a killed process is waited for: one that does not hang is gone in less."""

SCRIPT = Path(putting.__file__)
"""What the process runs."""

_left: list[subprocess.Popen[bytes]] = []
"""Those that were left behind, kept so that each is taken note of once it ends."""


class Silent(Exception):
    """No answer came in time, or the process ended without one."""


class Errand:
    """One process at one task of `putting`. Within the `with` it is told things and answers; after it, it is gone."""

    def __init__(self, seconds: float, task: str, place: Path, *more: str) -> None:
        self._until = time.monotonic() + seconds
        _left[:] = [process for process in _left if process.poll() is None]
        command = [sys.executable, "-I", str(SCRIPT), task, str(place), *more]
        # No shell, and nothing of it in our log: its complaints may name a file.
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere)
        self._words, self._answers = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        process = self._process
        process.kill()
        for pipe in (self._words, self._answers):
            with suppress(OSError):  # what it was last told never reached it
                pipe.close()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            _left.append(process)

    def tell(self, data: bytes) -> None:
        """Write to it. It reads all that it is told before it touches the folder, so that this never hangs."""
        self._words.write(data)
        self._words.flush()

    def answer(self) -> tuple[str, str]:
        """Its next line: what, and why. Raises Silent where none comes in time."""
        ready, _, _ = select.select([self._answers], [], [], max(self._until - time.monotonic(), 0))
        line = self._answers.readline() if ready else b""
        if not line.endswith(b"\n"):
            raise Silent
        what, why = json.loads(line)
        return what, why
