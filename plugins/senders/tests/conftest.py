"""SFTP servers for the tests: each a process of its own on this machine, which may be killed and started again."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from mbls_sync.api import Channel, OutgoingFile

HERE = Path(__file__).parent
PASSWORD = "correct horse battery"


def held_port() -> socket.socket:
    """A port at which nobody listens, and which nobody else on this machine is given while the socket is open."""
    place = socket.socket()
    # Whoever sets the same may listen at it; a port that is only chosen beforehand may go to another test by then.
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", 0))
    return place


@dataclass
class SftpServer:
    """A folder behind SFTP, stopped by any thread. `root` holds keys and secrets, `folder` what the LA sees."""

    root: Path
    port: int
    kinds: tuple[str, ...] = ("ed25519",)
    process: subprocess.Popen | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def folder(self) -> Path:
        return self.root / "inbox"

    def make(self) -> SftpServer:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.root / "password").write_text(f"{PASSWORD}\n")
        for kind in self.kinds:
            make_key(self.root / kind, kind)
        return self

    def start(self, step: int | str = 0, when: str = "before") -> SftpServer:
        self.stop()
        script = [sys.executable, str(HERE / "asyncssh_server.py")]
        command = [*script, str(self.folder), str(self.port), str(step), when, *self.kinds]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"
        return self

    def stop(self) -> None:
        with self.lock:
            if self.process is not None:
                if self.process.poll() is None:
                    kill_all(self.process.pid)
                for pipe in (self.process.stdout, self.process.stderr):
                    if pipe is not None:
                        pipe.read()  # to its end: the last of them is gone
                        pipe.close()
                self.process.wait()
                self.process = None

    def options(self, **changes: object) -> dict[str, object]:
        pinned = [fingerprint(self.root / f"{kind}.pub") for kind in self.kinds]
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "user": "school",
            "password_file": self.root / "password",
            "host_keys": tuple(pinned),
            "folder": "/",
            "seconds": 60,
            **changes,
        }

    def received(self) -> Mapping[str, list[bytes]]:
        return {file.name: [file.read_bytes()] for file in self.folder.iterdir() if file.name[0] != "."}

    def put(self, file: OutgoingFile) -> None:
        (self.folder / file.name).write_bytes(file.data)


def make_key(file: Path, kind: str) -> None:
    """An SSH key without a passphrase, and its public half beside it."""
    key = (
        ed25519.Ed25519PrivateKey.generate() if kind.startswith("ed25519") else ec.generate_private_key(ec.SECP256R1())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.OpenSSH
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    file.chmod(0o600)
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    file.with_name(f"{file.name}.pub").write_bytes(public)


def fingerprint(public: Path) -> str:
    """As `ssh-keygen -lf` prints it."""
    body = base64.b64decode(public.read_bytes().split()[1])
    return "SHA256:" + base64.b64encode(hashlib.sha256(body).digest()).decode().rstrip("=")


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., SftpServer]]:
    """Makes servers that live, at ports of their own, and stops them after the test."""
    with contextlib.ExitStack() as stack:

        def make(kind: type[SftpServer] = SftpServer, name: str = "la", **more: object) -> SftpServer:
            place = stack.enter_context(held_port())
            made = kind(tmp_path / name, place.getsockname()[1], **more).make()
            stack.callback(made.stop)
            return made.start()

        yield make


@pytest.fixture
def server(make_server: Callable[..., SftpServer]) -> SftpServer:
    """A server that lives, with one host key."""
    return make_server()


@pytest.fixture
def make_channel(tmp_path: Path) -> Callable[..., Channel]:
    """A channel by the options of a server."""

    def make(options: object) -> Channel:
        return Channel("la", options, tmp_path)

    return make


class CuttingWire:
    """A wire to a server that counts what is said to it, and at so many bytes kills the server. 0: it never does."""

    def __init__(self, server: SftpServer, kill_at: int) -> None:
        self.server, self.kill_at, self.said = server, kill_at, 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def _carry(self) -> None:
        with contextlib.suppress(OSError):  # the door is shut
            while True:
                ours, _ = self._door.accept()
                with ours, contextlib.suppress(ConnectionRefusedError):
                    self._join(ours)

    def _join(self, ours: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self.server.port)) as theirs:
            back = threading.Thread(target=self._pump, args=(theirs, ours, False))
            back.start()
            self._pump(ours, theirs, True)
            back.join()

    def _pump(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(4096):
                self.said += len(piece) * counts
                if counts and self.kill_at and self.said >= self.kill_at:
                    self.kill_at = 0
                    self.server.stop()
                    break
                target.sendall(piece)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join()


SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass
class OpenSsh(SftpServer):
    """OpenSSH's own server, started by the test as a process of its own on this machine."""

    def make(self) -> OpenSsh:
        super().make()
        assert SSHD is not None, "sshd is not installed, and this promise is about it: apt-get install openssh-server"
        make_key(self.root / "login", "ed25519")
        keys = self.root / "authorized_keys"
        keys.write_bytes((self.root / "login.pub").read_bytes())
        (self.root / "sshd_config").write_text(
            f"ListenAddress 127.0.0.1\nPort {self.port}\nHostKey {self.root / 'ed25519'}\nPidFile none\n"
            f"AuthorizedKeysFile {keys}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
            f"KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
        )
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        return self

    def start(self, step: int | str = 0, when: str = "before") -> OpenSsh:
        self.stop()
        command = [str(SSHD), "-D", "-e", "-f", str(self.root / "sshd_config")]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        assert self.process.stderr is not None
        said = []
        for line in self.process.stderr:
            said.append(line)
            if "listening" in line:
                return self
        raise AssertionError(f"sshd does not listen: {said}")

    def options(self, **changes: object) -> dict[str, object]:
        mine = {"user": pwd.getpwuid(os.geteuid()).pw_name, "password_file": None, "key_file": self.root / "login"}
        return super().options(**{**mine, "folder": str(self.folder), **changes})


def descendants(pid: int) -> list[int]:
    """Every process that descends from `pid`, as the kernel tells."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def kill_all(pid: int) -> None:
    """Kill a process and all that descend from it. All are stopped first, so that none is born meanwhile."""
    known: set[int] = set()
    while born := {pid, *descendants(pid)} - known:
        _signal(born, signal.SIGSTOP)
        known |= born
    _signal(known, signal.SIGKILL)


def _signal(pids: set[int], number: int) -> None:
    for pid in pids:
        # A child that serves one login ends by itself when its client hangs up, perhaps just now.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


@pytest.fixture
def openssh(make_server: Callable[..., SftpServer]) -> SftpServer:
    """OpenSSH's server, with one host key and one key to log in with."""
    return make_server(OpenSsh)


@pytest.fixture
def make_wire() -> Iterator[Callable[[SftpServer, int], CuttingWire]]:
    """Makes wires to servers, closed with the test."""
    made: list[CuttingWire] = []

    def make(server: SftpServer, kill_at: int) -> CuttingWire:
        made.append(CuttingWire(server, kill_at))
        return made[-1]

    yield make
    for wire in made:
        wire.close()
