"""The contract of senders catches the faults it was written for: each seeded fault fails the test meant for it."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from mbls_sync.api import Channel, OutgoingFile
from mbls_sync.testing.sender_contract import SenderContract

SOUND = '''
"""A sender into a dictionary."""
import hashlib
import re
from collections.abc import Iterator
from pydantic import BaseModel, ConfigDict
from mbls_sync.api import Channel, Fate, HealthReport, OutgoingFile, Receipt, Sighting, Verified, sender

class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    held: dict
    works: bool = True

def find(name: str, sha256: str, channel: Channel) -> Sighting:
    held = channel.options_as(Options).held
    if name not in held:
        return Sighting.ABSENT
    return Sighting.WHOLE if hashlib.sha256(held[name][0]).hexdigest() == sha256 else Sighting.OTHER

def probe(channel: Channel) -> Iterator[HealthReport]:
    options = channel.options_as(Options)
    yield HealthReport("dictionary", options.works, "looked at", "" if options.works else "mend it")

@sender(kind="dict", title="a dictionary", options=Options, find=find, probe=probe)
def send_file(file: OutgoingFile, channel: Channel) -> Receipt:
    options = channel.options_as(Options)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", file.name):
        return Receipt(Fate.REFUSED, "no plain name")
    if not options.works:
        return Receipt(Fate.NOT_SENT, "it does not work")
    if file.name in options.held:
        same = options.held[file.name][0] == file.data
        return Receipt(Fate.ARRIVED if same else Fate.REFUSED, "there already")
    options.held[file.name] = [file.data]
    return Receipt(Fate.ARRIVED, "put", verified=Verified.HASH)
'''


class Receiver:
    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.held: dict[str, list[bytes]] = {}

    def _channel(self, works: bool) -> Channel:
        options = self.module.Options.model_construct(held=self.held, works=works)
        return Channel("la", options, None)

    @property
    def channel(self) -> Channel:
        return self._channel(True)

    @property
    def broken(self) -> Channel:
        return self._channel(False)

    def received(self) -> dict[str, list[bytes]]:
        return self.held

    def put(self, file: OutgoingFile) -> None:
        self.held[file.name] = [file.data]


@pytest.fixture
def load(monkeypatch):
    def make(old: str, new: str) -> ModuleType:
        assert old in SOUND
        module = ModuleType("sender_under_test")
        monkeypatch.setitem(sys.modules, "sender_under_test", module)
        exec(compile(SOUND.replace(old, new, 1), "sender_under_test.py", "exec"), module.__dict__)
        return module

    return make


def failing(module: ModuleType) -> set[str]:
    cls = type("TestMutant", (SenderContract,), {"module": module, "__module__": __name__})
    failed = set()
    for name in sorted(name for name in dir(cls) if name.startswith("test_")):
        test = getattr(cls(), name)
        wanted = test.__code__.co_varnames[1 : test.__code__.co_argcount]
        given = {"receiver": Receiver(module), "name": "../beside.csv"}
        try:
            test(**{argument: given[argument] for argument in wanted})
        except Exception:
            failed.add(name)
    return failed


def test_a_sound_sender_keeps_the_contract(load):
    assert failing(load("", "")) == set()


FAULTS = {
    "cuts the file short": ("= [file.data]", "= [file.data[:-1]]", "test_a_file_arrives_whole_and_once"),
    "says so and puts nothing": (
        "    options.held[file.name] = [file.data]\n",
        "",
        "test_a_file_arrives_whole_and_once",
    ),
    "puts one over another": (
        "    if file.name in options.held:",
        "    if False:",
        "test_another_file_of_that_name_is_never_replaced",
    ),
    "puts it twice": (
        "        return Receipt(Fate.ARRIVED if same",
        "        options.held[file.name].append(file.data)\n        return Receipt(Fate.ARRIVED if same",
        "test_a_file_that_is_there_already_is_not_sent_again",
    ),
    "takes any name": ("if not re.fullmatch", "if False and re.search", "test_a_name_that_leads_elsewhere_is_refused"),
    "raises": (
        'return Receipt(Fate.NOT_SENT, "it does not work")',
        'raise OSError("away")',
        "test_a_channel_that_does_not_work_sends_nothing_and_says_so",
    ),
    "takes any file for this one": ("Sighting.OTHER", "Sighting.WHOLE", "test_what_was_sent_is_found_and_nothing_else"),
    "tells what is in it": ('"put"', "repr(file.data[:40])", "test_no_pupil_is_named_in_what_is_said"),
    "probes by sending": (
        "    yield HealthReport(",
        '    options.held["probe"] = [b""]\n    yield HealthReport(',
        "test_a_probe_finds_a_sound_channel_well_and_sends_nothing",
    ),
    "is always well": (
        'options.works, "looked',
        'True, "looked',
        "test_a_probe_says_what_is_wrong_and_how_to_mend_it",
    ),
    "takes any option": ('extra="forbid"', 'extra="ignore"', "test_it_keeps_the_rules_of_the_registry"),
}


@pytest.mark.parametrize(("old", "new", "meant"), FAULTS.values(), ids=FAULTS)
def test_a_seeded_fault_in_a_sender_is_caught(load, old, new, meant):
    assert meant in failing(load(old, new))
