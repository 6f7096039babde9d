"""Seeded faults in an adapter: the kit catches each, by the test that is meant for it."""

import inspect
import itertools
import tempfile
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from mbls_sync.contracts import AdapterOffer, Capability, Resource
from mbls_sync.model.deliveries import Accepted, MarkWrite, Refused, Unknown
from mbls_sync.model.marks import Mark, PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.adapter_contract import AdapterContract
from mbls_sync.testing.fake_mis import FakeMis, Faults

DAYS = [date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 9)]
PUPILS = {Resource.PUPILS: (Pupil(PupilId("P1"), surname="Testpupil"),)}
LOCKED = PupilId("LOCKED")


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Sound(FakeMis):
    """The fake MIS, which refuses marks of one pupil and may be told to lose an answer."""

    def __init__(self, folder, faults=None):
        super().__init__(folder, PUPILS, faults or Faults(), page_rows=2)

    def push(self, writes):
        return [Refused("locked") if w.mark.pupil == LOCKED else super(Sound, self).push([w])[0] for w in writes]


def writes():
    marks = [Mark(PupilId("P1"), Session(day, Period.AM), "N") for day in DAYS[:2]]
    return [MarkWrite(f"key-{mark.session}", mark, "", "made up") for mark in marks]


def contract(adapter=Sound, can=frozenset({Capability.WRITE, Capability.READ_BACK}), **attributes):
    """A contract class over the fake MIS, with an adapter of our choice."""

    class TestFake(AdapterContract):
        offer = AdapterOffer("fake", Options, lambda options, given: adapter(given.folder), can)
        private = ("Testpupil",)

        def prepare(self, folder):
            FakeMis(folder).set_all(
                {(PupilId("P1"), Session(day, period)): "/" for day, period in itertools.product(DAYS, Period)}
            )

        def writes(self):
            return writes()

        def refused_write(self):
            return MarkWrite("refused", Mark(LOCKED, Session(DAYS[0], Period.AM), "N"), "", "made up")

        def troubled(self, folder, trouble):
            return adapter(folder, Faults(lose_answer_every=1))

    return type("TestMutant", (TestFake,), {"__module__": __name__, **attributes})


def failing(cls):
    """The names of the contract's tests that fail on a class."""
    failed = set()
    for name in sorted(name for name in dir(cls) if name.startswith("test_")):
        test = getattr(cls(), name)
        with tempfile.TemporaryDirectory() as folder:
            given = {"tmp_path": Path(folder), "trouble": "timeout"}
            try:
                test(**{key: given[key] for key in inspect.signature(test).parameters})
            except (Exception, pytest.fail.Exception):
                failed.add(name)
    return failed


class ForgetsItsCursor(Sound):
    def pull(self, cursors):
        while True:
            yield from super().pull({})


class StartsAgain(Sound):
    def pull(self, cursors):
        return super().pull({})


class SkipsAPage(Sound):
    def pull(self, cursors):
        later = {"fake:marks": str(int(cursors["fake:marks"]) + 2)} if "fake:marks" in cursors else {}
        return super().pull(later)


class OneAnswerForAll(Sound):
    def push(self, writes):
        super().push(writes)
        return [Accepted()] * len(writes)


class SaysYesAndWritesNothing(Sound):
    def push(self, writes):
        return [Refused("locked") if write.mark.pupil == LOCKED else Accepted() for write in writes]


class CallsAServerErrorRefused(Sound):
    def push(self, writes):
        return [Refused("500") if isinstance(found, Unknown) else found for found in super().push(writes)]


class LetsATimeoutEscape(Sound):
    def push(self, writes):
        results = super().push(writes)
        if any(isinstance(found, Unknown) for found in results):
            raise TimeoutError
        return results


class Talks(Sound):
    def pull(self, cursors):
        print("pulled Sample Testpupil")
        return super().pull(cursors)


class Empty(Sound):
    def pull(self, cursors):
        return iter(())


class ChecksByEating(Sound):
    def check(self):
        (self.folder / "journal.jsonl").unlink()
        return super().check()


class ReadsAnything(Sound):
    def read(self, keys):
        return {key: Mark(key.pupil, key.session, "/") for key in keys}


class Later(Sound):
    """A sound adapter whose writes have outcomes."""

    def outcomes(self, references):
        return {reference: Accepted(reference) for reference in references if reference.startswith("fake-")}


class NeverComesToAnOutcome(Later):
    def outcomes(self, references):
        return {}


class AcceptsWithoutAReference(Later):
    def push(self, writes):
        return [Accepted() if isinstance(found, Accepted) else found for found in super().push(writes)]


class KnowsEveryReference(Later):
    def outcomes(self, references):
        return {reference: Accepted(reference) for reference in references}


FAULTS = {
    ForgetsItsCursor: "test_pulling_ends_and_gives_marks",
    StartsAgain: "test_a_cursor_resumes_with_no_gap_and_no_repeat",
    SkipsAPage: "test_a_cursor_resumes_with_no_gap_and_no_repeat",
    OneAnswerForAll: "test_each_mark_has_its_own_result",
    SaysYesAndWritesNothing: "test_a_written_mark_reads_back",
    CallsAServerErrorRefused: "test_a_write_without_an_answer_is_unknown",
    LetsATimeoutEscape: "test_a_write_without_an_answer_is_unknown",
    Talks: "test_no_secret_and_no_name_in_what_it_says",
    Empty: "test_pulling_ends_and_gives_marks",
    ChecksByEating: "test_checking_looks_and_changes_nothing",
    ReadsAnything: "test_what_is_pulled_can_be_read",
}


def test_a_sound_adapter_keeps_the_contract():
    assert failing(contract()) == set()


@pytest.mark.parametrize(("adapter", "meant"), FAULTS.items(), ids=lambda found: getattr(found, "__name__", ""))
def test_a_seeded_fault_is_caught_by_the_test_meant_for_it(adapter, meant):
    assert meant in failing(contract(adapter))


def test_a_sound_adapter_with_outcomes_keeps_the_contract():
    assert failing(contract(Later, can=frozenset(Capability))) == set()


@pytest.mark.parametrize("adapter", [NeverComesToAnOutcome, AcceptsWithoutAReference, KnowsEveryReference])
def test_a_seeded_fault_in_outcomes_is_caught(adapter):
    assert failing(contract(adapter, can=frozenset(Capability))) == {"test_an_accepted_write_comes_to_its_outcome"}


def test_outcomes_that_are_not_offered_are_caught():
    assert failing(contract(Later)) == {"test_it_offers_what_it_can"}


def test_an_adapter_that_writes_and_does_not_say_so_is_caught():
    assert "test_it_offers_what_it_can" in failing(contract(can=frozenset()))


def test_what_is_private_must_be_named():
    assert failing(contract(private=())) == {"test_no_secret_and_no_name_in_what_it_says"}


def test_options_that_take_anything_are_caught():
    class Loose(BaseModel):
        model_config = ConfigDict(extra="allow")

    offer = AdapterOffer("fake", Loose, lambda options, given: Sound(given.folder), contract().offer.can)
    assert failing(contract(offer=offer)) == {"test_an_unknown_option_is_refused"}
