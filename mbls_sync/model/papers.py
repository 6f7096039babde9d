"""What a return and a packet are before they are bytes: frozen tables and sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.codes import Code
from mbls_sync.model.decisions import Because
from mbls_sync.model.happenings import Event, LeaveRequest, Message
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import Facts
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Session

Cell = str | int | Decimal | date | None
"""A cell of a table. A percentage is rounded by its writer: text to read, a Decimal to go on with; a date stays one."""


@dataclass(frozen=True, slots=True)
class School:
    """The school as the settings describe it."""

    id: str
    name: str
    la_code: str
    la_name: str
    establishment_number: str
    urn: str = ""
    address: str = ""
    telephone: str = ""
    email: str = ""
    head: str = ""
    attendance_officer: str = ""


@dataclass(frozen=True, slots=True)
class ReturnDue:
    """One LA return that falls due: its id, the span it is about, and when it is due."""

    name: str
    period: str
    first: date
    last: date
    due: date

    @property
    def judged_on(self) -> date:
        """The day on which age is looked at. A month may end after its last school day, on which its return is due."""
        return min(self.last, self.due)


@dataclass(frozen=True, slots=True)
class ReturnEntry:
    """One pupil's line in a return: the pupil, the year to date, the stage reached and why they are listed.

    `first` to `last` is the episode that is told and `codes` are its sessions with their marks; `facts` are what the
    rule gave along, by label. `events` are the pupil's own up to the end of what the return is about, in order of
    time. `siblings` counts those on the same roll and names nobody.
    """

    pupil: Pupil
    figures: PupilFigures
    unexplained_left: int
    stage: str
    last_action: Event | None
    cause: str
    because: Because
    facts: Facts = ()
    first: date | None = None
    last: date | None = None
    codes: tuple[tuple[Session, Code], ...] = ()
    events: tuple[Event, ...] = ()
    siblings: int = 0

    def fact(self, label: str) -> str:
        """What the rule gave along under a label; empty where it gave nothing."""
        return dict(self.facts).get(label, "")


@dataclass(frozen=True, slots=True)
class ReturnTable:
    """A return ready to be rendered: title, what it covers, column heads and rows in the receiver's order.

    `pupils` says whom each row is about, where the writer says so.
    """

    name: str
    title: str
    subtitle: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    pupils: tuple[PupilId, ...] = ()


@dataclass(frozen=True, slots=True)
class Referral:
    """A case to be put to the LA: who, on what occasion, since when and why."""

    kind: str
    pupil: PupilId
    occasion: str
    opened: date
    cause: str
    because: Because


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One mark of the register certificate, with the title of its code on that date."""

    session: Session
    code: str
    title: str
    meaning: str
    minutes_late: int | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the school knows about one pupil's case; never about another pupil.

    `siblings` is a count only; `others_named` counts what home or staff wrote in which another pupil is named.
    `figures` is the year to date, `previous` the year before where known. `school_weeks` are the Mondays of the
    school's weeks up to `at`, whether or not the pupil has a mark in them.
    """

    pupil: Pupil
    at: datetime
    figures: PupilFigures
    previous: PupilFigures | None
    marks: tuple[MarkLine, ...]
    events: tuple[Event, ...]
    messages: tuple[Message, ...]
    requests: tuple[LeaveRequest, ...]
    weekly: tuple[tuple[date, int, int], ...]
    siblings: int = 0
    others_named: int = 0
    school_weeks: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class FactsSection:
    """A heading over label and text pairs. A missing fact has an empty text and shows as missing."""

    heading: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class TableSection:
    """A heading over a table."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class HerringboneSection:
    """The register certificate: a row a school week, a column a session.

    Each row is the Monday and ten codes, Monday AM to Friday PM; an empty text where the school had no
    session or holds no mark.
    """

    heading: str
    weeks: tuple[tuple[date, tuple[str, ...]], ...]
    key: Facts
    intro: str = ""


@dataclass(frozen=True, slots=True)
class PlotSection:
    """Attendance week by week: Monday, sessions attended and sessions possible; `marks` are dated steps."""

    heading: str
    weeks: tuple[tuple[date, int, int], ...]
    steps: tuple[tuple[date, str], ...]
    description: str


@dataclass(frozen=True, slots=True)
class ChecklistSection:
    """What the receiver asks for: item, whether it is here, and who can mend it where it is not.

    One that is `taken_off` is the school's own: it stands last, on a page of its own, which is taken off before the
    paper is given to a court or a parent.
    """

    heading: str
    items: tuple[tuple[str, bool, str], ...]
    intro: str = ""
    taken_off: bool = False


Section = FactsSection | TableSection | HerringboneSection | PlotSection | ChecklistSection


@dataclass(frozen=True, slots=True)
class PacketSections:
    """A packet ready to be rendered: one tagged PDF of `sections`, and the same data as CSV and JSON."""

    kind: str
    title: str
    subject: str
    sections: tuple[Section, ...]
    missing: tuple[str, ...] = ()
