"""Puts one file into a folder, or looks at one there, in a process of its own: a share may hang, and its caller too.

Run as a script by `folder`, with nothing but the standard library. It is told what to do in its arguments and on
standard input, and answers in lines of JSON. Before a file is given its name it says so and waits for a word: a
process whose parent has died, or no longer waits, gives no file its name.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from pathlib import Path

GO = b"go\n"
"""The word on which a file is given its name."""


def half(place: Path) -> Path:
    """Where a file is written, under a name that nobody takes up."""
    return place.with_name(f".{place.name}.part")


def named(place: Path) -> Path:
    """Where a whole file waits while it is given its name: from then on it may have been taken up."""
    return place.with_name(f".{place.name}.named")


def seal_of(file: Path) -> str:
    """The SHA-256 of what a file holds."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def look(place: Path, seal: str) -> str:
    """What lies there: `whole`, `other`, `absent` where it surely never had its name, else `cannot tell`."""
    try:
        if seal_of(place) != seal:
            return "other"
        with suppress(OSError):
            named(place).unlink()  # what a kill left behind a file that has its name
        return "whole"
    except FileNotFoundError:
        # A person uploads a file and takes it away: that it is gone does not mean that it never was there. Only
        # what is still called half a file surely never had its name.
        never = half(place).is_file() and not named(place).exists()
        return "absent" if never else "cannot tell"
    except OSError:
        return "cannot tell"


def put(place: Path, seal: str, data: bytes) -> None:
    """Write, read back, ask, and only then give the file its name."""
    if place.exists():
        say(already(place, seal))
        return
    write(half(place), data)
    if seal_of(half(place)) != seal:
        say("changed")
        return
    say("ready")
    if sys.stdin.buffer.readline() != GO:
        return
    os.replace(half(place), named(place))
    say(take_name(place, seal))


def already(place: Path, seal: str) -> str:
    """What is said of a name that is taken."""
    return "already" if place.is_file() and seal_of(place) == seal else "taken"


def write(file: Path, data: bytes) -> None:
    """Write a new file: what another process still writes to the old one is lost with it."""
    file.unlink(missing_ok=True)
    with file.open("xb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def take_name(place: Path, seal: str) -> str:
    """Give the file its name unless another has taken it. A share that knows no links can only be asked first."""
    waiting = named(place)
    try:
        os.link(waiting, place)
        waiting.unlink()
    except FileExistsError:
        waiting.unlink()
        return already(place, seal)
    except OSError:
        if place.exists():
            return already(place, seal)
        os.rename(waiting, place)
    settle(place.parent)
    return "arrived"


def settle(folder: Path) -> None:
    """Make the name outlive a power cut. Some shares cannot sync a folder, and the file stands all the same."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def stands(folder: Path) -> str:
    """Whether the folder is there and can be written to."""
    if not folder.is_dir():
        return "gone"
    return "writable" if os.access(folder, os.W_OK | os.X_OK) else "closed"


def say(what: str, why: str = "") -> None:
    """Answer with one line, which is read at once."""
    print(json.dumps([what, why]), flush=True)


def main() -> None:
    """Do what the arguments say: `stands FOLDER`, `look PLACE SEAL`, `put PLACE SEAL SIZE` with the bytes on input."""
    task, place, *more = sys.argv[1:]
    try:
        if task == "stands":
            say(stands(Path(place)))
        elif task == "look":
            say(look(Path(place), more[0]))
        else:
            put(Path(place), more[0], sys.stdin.buffer.read(int(more[1])))
    except OSError as error:
        say("failed", error.strerror or type(error).__name__)


if __name__ == "__main__":
    main()
