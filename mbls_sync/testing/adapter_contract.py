"""What every adapter promises; an author inherits it and says what a sample source holds.

    class TestDropFolder(AdapterContract):
        offer = offer_adapter()
        private = ("Testpupil",)

        def prepare(self, folder): ...   # fill an empty folder with a sample that holds marks

An adapter that writes gives `writes`, `refused_write` and `troubled` too. Nothing is skipped: where a capability is
not offered, the test holds the adapter to not having it.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
from pydantic import ValidationError

from mbls_sync import clock
from mbls_sync.contracts import (
    Adapter,
    AdapterOffer,
    Capability,
    ConfirmsLater,
    Given,
    HealthReport,
    Page,
    ReadsBack,
    Resource,
    TakesMarks,
    Tidies,
    capabilities_of,
)
from mbls_sync.mis_http.connector import Connector
from mbls_sync.model.deliveries import Accepted, MarkKey, MarkWrite, Refused, Unknown
from mbls_sync.model.marks import MarkRow, PupilId
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import the_calendar
from mbls_sync.testing.contract import Contract

MOST_PAGES = 2_000
"""A sample source has fewer pages; an adapter that gives more has forgotten its cursor."""

MOST_POLLS = 5
"""How often a sample's outcome is asked for until it must have come."""

Trouble = Literal["timeout", "server error"]


class AdapterContract(Contract):
    """Tests that hold for every adapter. `private` are names and secrets of the sample, which no log may hold."""

    offer: ClassVar[AdapterOffer[Any]]
    options: ClassVar[Mapping[str, Any]] = {}
    private: ClassVar[Sequence[str]] = ()

    def prepare(self, folder: Path) -> None:
        """Fill an empty folder, or the fake MIS that stands behind it, with the sample; always the same."""
        raise NotImplementedError("say what the sample source holds")

    def open(self, folder: Path) -> Adapter:
        """The adapter over what was prepared in that folder."""
        given = Given(folder, the_calendar(), clock.now, time.sleep, Connector(clock.now, time.sleep))
        adapter: Adapter = self.offer.open(self.offer.options.model_validate(dict(self.options)), given)
        return adapter

    def writes(self) -> Sequence[MarkWrite]:
        """At least two marks that the sample's MIS takes."""
        raise NotImplementedError("the adapter offers to write; say what its sample takes")

    def refused_write(self) -> MarkWrite:
        """A mark that the sample's MIS refuses."""
        raise NotImplementedError("the adapter offers to write; say what its sample refuses")

    def troubled(self, folder: Path, trouble: Trouble) -> Adapter:
        """The adapter over a prepared MIS that takes a write and then does not answer, or answers a server error."""
        raise NotImplementedError("the adapter offers to write; say how its sample loses an answer")

    def test_pulling_ends_and_gives_marks(self, tmp_path: Path) -> None:
        """A pull ends by itself, and the sample is no empty one."""
        assert _marks(self._pulled(self._fresh(tmp_path)))

    def test_pulling_twice_gives_the_same(self, tmp_path: Path) -> None:
        """What is not yet stored is given again, whole, as it was."""
        adapter = self._fresh(tmp_path)
        assert [_said(page) for page in self._pulled(adapter)] == [_said(page) for page in self._pulled(adapter)]

    def test_a_cursor_resumes_with_no_gap_and_no_repeat(self, tmp_path: Path) -> None:
        """Cut off after any page, the next pull gives the rest of the marks and none of what is stored."""
        whole = self._pulled(self._fresh(tmp_path, "whole"))
        for cut in range(1, len(whole) + 1):
            folder = self._prepared(tmp_path, f"cut-{cut}")
            stored = list(itertools.islice(self._pull(self.open(folder), {}), cut))
            self._commit(self.open(folder), stored)
            rest = self._pulled(self.open(folder), _cursors(stored))
            assert _marks([*stored, *rest]) == _marks(whole), f"a gap after page {cut}: some marks never come"
            again = _places(stored) & _places(page for page in rest if not page.unchanged)
            assert not again, f"after page {cut} a stored page of marks comes again: {sorted(again)}"

    def test_every_mark_is_readable(self, tmp_path: Path) -> None:
        """A code is bare text of at most two characters, a blank is no mark, and a line says where it stood."""
        for row in (row for page in self._pulled(self._fresh(tmp_path)) for row in page.marks):
            assert row.code == row.code.strip(), "a code carries blanks"
            assert row.code != "-", "a dash is no mark, and no code"
            assert len(row.code) <= 2, "a code is longer than two characters"
            assert row.line >= 1, "a mark does not say where it stood"

    def test_it_offers_what_it_can(self, tmp_path: Path) -> None:
        """What is offered is there, and what is not offered is not."""
        has, can = capabilities_of(self._fresh(tmp_path)), self.offer.can
        assert has == can, f"it has {sorted(has)} and offers {sorted(can)}; a program refuses what is not offered"
        assert Capability.WRITE not in can or Capability.READ_BACK in can, "what writes must read back"
        assert Capability.CONFIRMS_LATER not in can or Capability.WRITE in can, "an outcome is that of a write"

    def test_an_unknown_option_is_refused(self) -> None:
        """A misspelt setting stops the start."""
        with pytest.raises(ValidationError):
            self.offer.options.model_validate({**self.options, "no_such_option": "made up"})

    def test_checking_looks_and_changes_nothing(self, tmp_path: Path) -> None:
        """`check` reports, and a pull after it gives what it gave before."""
        adapter = self._fresh(tmp_path, "checked")
        whole = [_said(page) for page in self._pulled(adapter)]
        reports = list(adapter.check())
        assert reports, "check looks at nothing"
        assert all(isinstance(report, HealthReport) for report in reports)
        assert [_said(page) for page in self._pulled(adapter)] == whole

    def test_what_is_pulled_can_be_read(self, tmp_path: Path) -> None:
        """Reading back gives the marks that a pull gave, and leaves out those it has not."""
        adapter = self._fresh(tmp_path)
        if isinstance(adapter, ReadsBack):
            marks = {key: code for key, code in _marks(self._pulled(adapter)).items() if code}
            found = adapter.read(list(marks))
            assert {key: mark.code for key, mark in found.items()} == marks
            nobody = MarkKey(PupilId("nobody"), Session(the_calendar().school_days[0], Period.AM))
            assert nobody not in adapter.read([nobody])

    def test_a_written_mark_reads_back(self, tmp_path: Path) -> None:
        """Accepted means that the MIS now holds the mark."""
        adapter = self._fresh(tmp_path)
        if isinstance(adapter, TakesMarks) and isinstance(adapter, ReadsBack):
            results = adapter.push(self.writes())
            assert [type(result) for result in results] == [Accepted] * len(self.writes())
            wanted = {_key(write): write.mark.code for write in self.writes()}
            assert {key: mark.code for key, mark in adapter.read(list(wanted)).items()} == wanted

    def test_an_accepted_write_comes_to_its_outcome(self, tmp_path: Path) -> None:
        """Where outcomes come later, each write has a reference, under which it is soon said to be accepted."""
        adapter = self._fresh(tmp_path)
        if isinstance(adapter, ConfirmsLater) and isinstance(adapter, TakesMarks):
            accepted = [result for result in adapter.push(self.writes()) if isinstance(result, Accepted)]
            references = {result.reference for result in accepted}
            assert accepted, "the sample takes no mark"
            assert all(references), "a write was accepted without the reference that its outcome comes under"
            found: dict[str, Accepted | Refused] = {}
            for _ in range(MOST_POLLS):
                found |= adapter.outcomes(sorted(references))
            assert set(found) == references, "an outcome never comes, or comes for what nobody asked"
            assert all(isinstance(outcome, Accepted) for outcome in found.values())
            assert adapter.outcomes(["no-such-reference"]) == {}, "what is not known is missing, and no error"

    def test_writing_what_is_already_so_changes_nothing(self, tmp_path: Path) -> None:
        """The same writes again leave the same marks."""
        adapter = self._fresh(tmp_path)
        if isinstance(adapter, TakesMarks) and isinstance(adapter, ReadsBack):
            adapter.push(self.writes())
            keys = [_key(write) for write in self.writes()]
            before = {key: mark.code for key, mark in adapter.read(keys).items()}
            adapter.push(self.writes())
            assert {key: mark.code for key, mark in adapter.read(keys).items()} == before

    def test_each_mark_has_its_own_result(self, tmp_path: Path) -> None:
        """One mark that the MIS refuses spoils no other's answer, and has its own."""
        adapter = self._fresh(tmp_path)
        if isinstance(adapter, TakesMarks):
            first, second, *_ = self.writes()
            results = adapter.push([first, self.refused_write(), second])
            assert [type(result) for result in results] == [Accepted, Refused, Accepted]

    @pytest.mark.parametrize("trouble", ["timeout", "server error"])
    def test_a_write_without_an_answer_is_unknown(self, tmp_path: Path, trouble: Trouble) -> None:
        """When the answer is lost the write may have landed: neither Refused nor an exception, and sent once."""
        if Capability.WRITE not in self.offer.can:
            return
        adapter = self.troubled(self._prepared(tmp_path, "troubled"), trouble)
        assert isinstance(adapter, TakesMarks)
        assert [type(result) for result in adapter.push(self.writes()[:1])] == [Unknown]

    def test_no_secret_and_no_name_in_what_it_says(self, tmp_path: Path) -> None:
        """Neither the log, nor the terminal, nor a warning holds what is private in the sample."""
        assert self.private, "name what is private in the sample: a pupil's surname, a token"
        with _overheard() as said:
            pages = self._pulled(self._fresh(tmp_path))
        text = "\n".join([said.getvalue(), *(warning for page in pages for warning in page.warnings)])
        assert not [word for word in self.private if word in text]

    def _prepared(self, tmp_path: Path, name: str = "source") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        self.prepare(folder)
        return folder

    def _fresh(self, tmp_path: Path, name: str = "source") -> Adapter:
        return self.open(self._prepared(tmp_path, name))

    def _pull(self, adapter: Adapter, cursors: Mapping[str, str]) -> Iterator[Page]:
        for number, page in enumerate(adapter.pull(cursors)):
            assert number < MOST_PAGES, "pulling does not end: is the cursor ignored?"
            yield page

    def _pulled(self, adapter: Adapter, cursors: Mapping[str, str] | None = None) -> list[Page]:
        return list(self._pull(adapter, cursors or {}))

    def _commit(self, adapter: Adapter, pages: Sequence[Page]) -> None:
        for page in pages:
            if isinstance(adapter, Tidies):
                adapter.committed(page)


def _marks(pages: Sequence[Page]) -> dict[MarkKey, str]:
    return {_row_key(row): row.code for page in pages if page.resource is Resource.MARKS for row in page.marks}


def _row_key(row: MarkRow) -> MarkKey:
    return MarkKey(row.pupil, Session(row.day, row.period))


def _key(write: MarkWrite) -> MarkKey:
    return MarkKey(write.mark.pupil, write.mark.session)


def _said(page: Page) -> tuple[Any, ...]:
    return (
        page.resource,
        page.stream,
        page.cursor,
        tuple(page.marks),
        tuple(page.items),
        tuple(page.bad),
        page.unchanged,
    )


def _places(pages: Iterable[Page]) -> set[tuple[str, str]]:
    return {(page.stream, page.cursor) for page in pages if page.resource is Resource.MARKS}


def _cursors(pages: Sequence[Page]) -> dict[str, str]:
    return {page.stream: page.cursor for page in pages}


@contextlib.contextmanager
def _overheard() -> Iterator[io.StringIO]:
    said = io.StringIO()
    handler, root = logging.StreamHandler(said), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            yield said
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
