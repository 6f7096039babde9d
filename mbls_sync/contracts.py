"""What a plugin fulfils: the Protocols of an adapter and a sender, and what each is given.

An adapter translates and never judges. What it cannot do it does not offer. Everything that is the same
for every MIS (comparing before a write, reading back after it, caps, quiet hours) is in the core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel

from mbls_sync.clock import Clock
from mbls_sync.errors import MisError
from mbls_sync.mis_http.contract import Connect
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.codes import Code
from mbls_sync.model.deliveries import Accepted, MarkKey, MarkWrite, PushResult, Refused
from mbls_sync.model.happenings import Event, LeaveRequest, Message, SignIn
from mbls_sync.model.marks import Mark, MarkRow, PupilId
from mbls_sync.model.pupils import Contact, Flag, Pattern, Pupil


class Resource(StrEnum):
    """What a source can hold."""

    MARKS = "marks"
    PUPILS = "pupils"
    CONTACTS = "contacts"
    FLAGS = "flags"
    PATTERNS = "patterns"
    MESSAGES = "messages"
    SIGN_INS = "sign_ins"
    LEAVE_REQUESTS = "leave_requests"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class ContactsOf:
    """All contacts of one pupil; they replace those known before."""

    pupil: PupilId
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class FlagsOf:
    """All flags of one pupil; they replace those known before."""

    pupil: PupilId
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class PatternsOf:
    """All attendance patterns of one pupil; they replace those known before."""

    pupil: PupilId
    patterns: tuple[Pattern, ...]


Item = Pupil | ContactsOf | FlagsOf | PatternsOf | Message | SignIn | LeaveRequest | Event
"""One row of a resource other than marks. A `Pupil` from an adapter carries no contacts, flags or patterns."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: where it stands, why, how many marks it held, and its text.

    The text may name a pupil: it goes to the quarantine note, never to a log.
    """

    source: str
    line: int
    reason: str
    marks: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one resource that were read together, to be stored in one transaction with their cursor.

    `stream` names what the cursor belongs to (a resource, or a resource and a file); `source` is what a
    person would look for (a file's name). `received_at` is when the rows reached us, where that is not
    now (a rebuild). `unreadable` says why nothing in the source could be read. `unchanged` says that the
    source is known to be what was stored last. `warnings` are in words, without names. `token` is the
    adapter's own, handed back to `committed`. `content` tells this content apart where the cursor also
    counts, so that a person's word about a held page still holds when it comes again. `retry_cursor` is
    stored in place of `cursor` where a row of the page went to quarantine, so that the page is not taken for
    known once a code or a setting is mended; where it is empty, `cursor` is stored.
    """

    resource: Resource
    stream: str
    source: str
    cursor: str
    marks: Sequence[MarkRow] = ()
    items: Sequence[Item] = ()
    bad: Sequence[BadRow] = ()
    warnings: Sequence[str] = ()
    received_at: datetime | None = None
    unreadable: str = ""
    unchanged: bool = False
    token: Any = None
    content: str = ""
    retry_cursor: str = ""


@dataclass(frozen=True, slots=True)
class HealthReport:
    """One thing that was looked at: `ok`, or what is wrong, where, and how to mend it."""

    name: str
    ok: bool
    says: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """One step of looking at a connection: a sample of what was read, or what it failed on."""

    report: HealthReport
    page: Page | None = None
    error: MisError | None = None


@runtime_checkable
class Adapter(Protocol):
    """Reads one school's data out of one MIS."""

    def check(self) -> Iterable[HealthReport]:
        """Look at everything this adapter needs; change nothing."""
        ...

    def pull(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        """Every page not yet stored, given the cursor last stored for each stream. Must end."""
        ...


@runtime_checkable
class ReadsBack(Protocol):
    """An adapter that can say what the MIS holds now for given marks."""

    def read(self, keys: Sequence[MarkKey]) -> Mapping[MarkKey, Mark]:
        """The marks the MIS holds; a key it holds no mark for is missing from the answer."""
        ...


@runtime_checkable
class TakesMarks(Protocol):
    """An adapter that can write marks."""

    def push(self, writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        """Write each mark once, never again on a lost answer; one result for each, in order.

        Raises Unreachable (Busy among them) only where nothing at all was sent. A lost answer is Unknown, for each mark
        that it was about; NotSent is what came after an MIS that could be reached no more, and waits as before.
        """
        ...


@runtime_checkable
class TakesSeveral(Protocol):
    """An adapter whose MIS takes several marks in one call; without it each mark is a call of its own."""

    @property
    def most_at_once(self) -> int:
        """How many marks one `push` may be given; a lost answer leaves each of them open."""
        ...


@runtime_checkable
class ConfirmsLater(Protocol):
    """An adapter whose accepted writes come to their outcome later, under the reference that each was given."""

    def outcomes(self, references: Sequence[str]) -> Mapping[str, Accepted | Refused]:
        """What became of each: Accepted or Refused. One that is still under way, or not known, is missing."""
        ...


@runtime_checkable
class Recomputes(Protocol):
    """An adapter whose MIS may derive a written mark away again, out of its other registers."""

    @property
    def recomputes(self) -> bool:
        """Whether this school's MIS does: a mark that it shows is believed at a second look only."""
        ...


@runtime_checkable
class ListsCodes(Protocol):
    """An adapter that can say which codes its MIS takes."""

    def code_map(self) -> Mapping[Code, str]:
        """Every code that the MIS knows; beside it why it may not be written, empty where it may.

        Raises Rejected where the MIS takes no mark from us at all, with the reason.
        """
        ...


@runtime_checkable
class Tidies(Protocol):
    """An adapter that wants to know that a page is safely stored, to clear its source away."""

    def committed(self, page: Page) -> None:
        """Called after the page's rows and cursor are committed. May be called again for the same page."""
        ...


@runtime_checkable
class Replays(Protocol):
    """An adapter that keeps what it read, so that the register can be built again from nothing."""

    def replay(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        """Every page ever read, in order of arrival, each with the moment it arrived. Must end."""
        ...


@runtime_checkable
class Probes(Protocol):
    """An adapter that can show a connection step by step."""

    def probe(self) -> Iterator[Probe]:
        """Credentials, one page of each resource, the codes, the right to write: what was seen. Nothing is written."""
        ...


@runtime_checkable
class Forgets(Protocol):
    """An adapter that keeps what it read, and can let go of what is older than the school's own copy."""

    def forget(self, before: date, *, dry_run: bool) -> int:
        """Remove what arrived before that day, or with `dry_run` only count it; how many files."""
        ...


class Capability(StrEnum):
    """What an adapter offers beyond pulling. A source that can do what its offer does not name is refused."""

    READ_BACK = "read-back"
    WRITE = "write"
    CONFIRMS_LATER = "confirms-later"


def capabilities_of(adapter: object) -> frozenset[Capability]:
    """What an opened adapter can do, by what it has."""
    kinds = {
        Capability.READ_BACK: ReadsBack,
        Capability.WRITE: TakesMarks,
        Capability.CONFIRMS_LATER: ConfirmsLater,
    }
    return frozenset(can for can, kind in kinds.items() if isinstance(adapter, kind))


@dataclass(frozen=True)
class Given:
    """What an adapter is given when it is opened.

    `folder` is the school's own folder (relative paths in options are against it). `sleep` and `clock` are
    injected so that waiting can be tested.
    """

    folder: Path
    calendar: SchoolCalendar
    clock: Clock
    sleep: Callable[[float], None]
    connect: Connect


OptionsT = TypeVar("OptionsT", bound=BaseModel)


@dataclass(frozen=True)
class AdapterOffer(Generic[OptionsT]):
    """One adapter: its name in the settings, its options (unknown keys refused), and how to open it.

    `can` is all that it can do under any options; what one school's options leave out, the opened adapter has not.
    """

    name: str
    options: type[OptionsT]
    open: Callable[[OptionsT, Given], Adapter]
    can: frozenset[Capability] = field(default_factory=frozenset)
