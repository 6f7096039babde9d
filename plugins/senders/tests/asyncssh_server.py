"""An SFTP server in a process of its own, which dies by SIGKILL at a chosen step. Run by the tests as a script.

usage: asyncssh_server.py FOLDER PORT STEP WHEN [KIND…], with its host keys in FOLDER/../KIND. STEP is a number or a
step's name; 0: it lives on.
WHEN is `before` or `after` the step, `silent` (every write is cut short and said to be whole), `mute` (whoever was let
in hears nothing more) or `slow` (each answer takes a while).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import asyncssh

FOLDER, PORT, STEP, WHEN, *KINDS = sys.argv[1:]


class Server(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("school", "correct horse battery")


class Steps(asyncssh.SFTPServer):
    """Counts every step over all connections, and dies at the one it was told."""

    seen = 0

    def __init__(self, chan: asyncssh.SSHServerChannel) -> None:
        if WHEN == "mute":
            time.sleep(3600)
        super().__init__(chan, chroot=FOLDER)

    def _dies(self, name: str, when: str) -> None:
        if when == "before":
            Steps.seen += 1
        if STEP in (name, str(Steps.seen)) and when == WHEN:
            os.kill(os.getpid(), signal.SIGKILL)

    def _step(self, name, *args):
        if WHEN == "slow":
            time.sleep(0.2)
        self._dies(name, "before")
        answer = getattr(super(), name)(*args)
        self._dies(name, "after")
        return answer

    def open(self, *args):
        return self._step("open", *args)

    def read(self, *args):
        return self._step("read", *args)

    def write(self, file_obj, offset, data):
        if WHEN == "silent":
            self._step("write", file_obj, offset, data[: len(data) // 2])
            return len(data)
        return self._step("write", file_obj, offset, data)

    def close(self, *args):
        return self._step("close", *args)

    def posix_rename(self, *args):
        return self._step("posix_rename", *args)


async def main() -> None:
    keys = [Path(FOLDER).parent / kind for kind in KINDS]
    await asyncssh.listen(
        "127.0.0.1", int(PORT), server_host_keys=keys, server_factory=Server, sftp_factory=Steps, reuse_address=True
    )
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
