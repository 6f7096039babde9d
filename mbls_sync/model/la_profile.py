"""How one LA takes its returns: columns, file, channel and what it checks. Values only; the LA's file fills them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

NOT_HELD = "not_held"
"""The field of what an LA asks and no record of the school answers: a person does, on the form itself."""


class FileFormat(StrEnum):
    """What the LA is given: CSV for its system, XLSX for its clerk, or a web form that a person fills in."""

    CSV = "csv"
    XLSX = "xlsx"
    FILL_SHEET = "fill-sheet"


class Weight(StrEnum):
    """What a finding does: it stops the return from being ready, or it only advises."""

    STOPS = "stops"
    ADVISES = "advises"


@dataclass(frozen=True, slots=True)
class Column:
    """One column or field of a form: the LA's head over it, the field that fills it, and whether it may be empty.

    `place` is the file and line that asked for it.
    """

    head: str
    field: str
    required: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the lint as this receiver wants it. Without a source it is the school's own."""

    rule: str
    weight: Weight = Weight.STOPS
    source: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """How one return is taken from `since` on.

    `file_name` is the name without its ending, with the fields of `FILE_NAME_FIELDS` in braces. `one_pupil_each`:
    one child a form. `csa_only`: the law confines it to compulsory school age. `nil`: the LA wants to hear
    that there is nobody. `encryption` is what the LA wants around the file; `contact` is an alias that the
    settings resolve. Without columns a writer lays out its own.
    """

    name: str
    since: date = date.min
    title: str = ""
    cites: str = ""
    channel: str = "upload"
    contact: str = ""
    format: FileFormat = FileFormat.CSV
    file_name: str = "{laestab}_{return}_{period}_{number}"
    encoding: str = "utf-8"
    encryption: str = "none"
    one_pupil_each: bool = False
    csa_only: bool = False
    nil: bool = False
    columns: tuple[Column, ...] = ()
    checks: tuple[Check, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class PacketForm:
    """How one kind of packet is taken from `since` on: by which channel, in what wrapping, and what is checked."""

    kind: str
    since: date = date.min
    title: str = ""
    cites: str = ""
    channel: str = "upload"
    contact: str = ""
    encryption: str = "none"
    checks: tuple[Check, ...] = ()
    place: str = ""


FILE_NAME_FIELDS = ("laestab", "la_code", "establishment", "return", "period", "number")
"""What a file's name may be made from. None of them names a pupil."""


@dataclass(frozen=True)
class LaProfile:
    """One LA. `forms` are each return's, `packet_forms` each kind of packet's, in order of their date."""

    name: str = ""
    la_code: str = ""
    la_name: str = ""
    is_default: bool = False
    file: str = ""
    review_by: date | None = None
    forms: Mapping[str, tuple[ReturnForm, ...]] = field(default_factory=dict)
    packet_forms: Mapping[str, tuple[PacketForm, ...]] = field(default_factory=dict)

    def form(self, name: str, day: date) -> ReturnForm:
        """How the return is taken on `day`; a plain form that names no column where the LA's file says nothing."""
        found = [form for form in self.forms.get(name, ()) if form.since <= day]
        return found[-1] if found else ReturnForm(name)

    def takes(self, name: str, day: date) -> bool:
        """Whether the LA's file says how the return is taken on `day`."""
        return any(form.since <= day for form in self.forms.get(name, ()))

    def packet_form(self, kind: str, day: date) -> PacketForm:
        """How a kind of packet is taken on `day`; one that checks nothing where the LA's file says nothing."""
        found = [form for form in self.packet_forms.get(kind, ()) if form.since <= day]
        return found[-1] if found else PacketForm(kind)
