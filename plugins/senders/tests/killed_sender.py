"""Makes one pass over one file and kills itself, with no chance to tidy up, at its n-th step. Run as a script.

A step is a word said to the server, or an answer heard from it, or a transaction of the store. Prints how many steps a
whole pass has.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mbls_sync.api import Channel
from mbls_sync.testing.sender_contract import FILE
from mbls_sync.testing.sending import OneSending, Store, open_store, sender_of


def main(folder: Path, kind: str, options: str, kill_at: int) -> None:
    module = importlib.import_module(f"mbls_senders.{kind}")
    store = open_store(f"sqlite:///{folder}/store.sqlite3", "school")
    sender = sender_of(module)
    channel = Channel("la", sender.info.options.model_validate(json.loads(options)), folder)
    one = OneSending(store, sender, channel, FILE, folder)
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    for kind_of, name in ((k, n) for k in (socket.socket, ssl.SSLSocket) for n in ("send", "recv", "recv_into")):
        setattr(kind_of, name, _stepping(getattr(kind_of, name), step))
    Store.begin = _committing(Store.begin, step)
    one.one_pass()
    print(count)


def _stepping(real: Callable[..., Any], step: Callable[[], None]) -> Callable[..., Any]:
    def call(*given: Any, **more: Any) -> Any:
        step()
        return real(*given, **more)

    return call


def _committing(real: Callable[..., Any], step: Callable[[], None]) -> Callable[..., Any]:
    @contextmanager
    def begin(store: Store) -> Iterator[Any]:
        with real(store) as tx:
            yield tx
            step()
        step()

    return begin


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
