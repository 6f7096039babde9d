"""SFTP servers for the tests: each a process of its own on this machine, which may be killed and started again."""

from __future__ import annotations

import base64
import contextlib
import getpass
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from mbls_sync.api import Channel, OutgoingFile

HERE = Path(__file__).parent
PASSWORD = "correct horse battery"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class SftpServer:
    """A folder behind SFTP. `root` holds keys and secrets, `folder` what the LA sees."""

    root: Path
    kinds: tuple[str, ...] = ("ed25519",)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

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
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
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
            "seconds": 10,
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
def a_port() -> Callable[[], int]:
    """A port of this machine that nobody listens at."""
    return free_port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    """A server that lives, with one host key."""
    made = SftpServer(tmp_path / "la").make()
    yield made.start()
    made.stop()


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
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def _carry(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                ours, _ = self._door.accept()
                theirs = socket.create_connection(("127.0.0.1", self.server.port))
                back = threading.Thread(target=self._pump, args=(theirs, ours, False), daemon=True)
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
            end.close()

    def close(self) -> None:
        self._door.close()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()


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
        with (self.root / "log").open("ab") as log:
            command = [str(SSHD), "-D", "-e", "-f", str(self.root / "sshd_config")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while not self._listens():
            assert self.process.poll() is None, (self.root / "log").read_text()
            assert time.monotonic() < deadline, "sshd does not listen"
        return self

    def stop(self) -> None:
        for pid in [] if self.process is None else descendants(self.process.pid):
            # A child that serves one login ends by itself when its client hangs up, perhaps just now.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        super().stop()

    def options(self, **changes: object) -> dict[str, object]:
        mine = {"user": getpass.getuser(), "password_file": None, "key_file": self.root / "login"}
        return super().options(**{**mine, "folder": str(self.folder), **changes})

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def descendants(pid: int) -> list[int]:
    """Every process that descends from `pid`, as the kernel tells."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


@pytest.fixture
def openssh(tmp_path: Path) -> Iterator[OpenSsh]:
    """OpenSSH's server, with one host key and one key to log in with."""
    made = OpenSsh(tmp_path / "la")
    made.make()
    yield made.start()
    made.stop()


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
