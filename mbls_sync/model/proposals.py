"""What a rule may ask for. A rule proposes and never acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Literal

from mbls_sync.model.codes import Code
from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Session
from mbls_sync.model.subjects import PupilSession

Facts = tuple[tuple[str, str], ...]
"""What a reader of the output should see: label and text, in order."""


class Rank(IntEnum):
    """Where a task stands on the attendance officer's list: the first that matches wins."""

    SAFEGUARDING = 1
    NO_CONTACT = 2
    DAY_TWO = 3
    NOT_CODED = 4
    UNEXPLAINED = 5
    REGISTER = 6
    CLOCK = 7
    FOLLOW_UP = 8
    CONTACTS = 9
    PRAISE = 10


@dataclass(frozen=True, slots=True)
class SetCode:
    """Ask that a mark become `code`. Only what the write guard allows is ever replaced.

    `sign_off` asks that a person approve it first, in every mode: what counts against a family is never automatic.
    """

    subject: PupilSession
    code: Code
    reason: str
    minutes_late: int | None = None
    sign_off: bool = False


@dataclass(frozen=True, slots=True)
class RaiseTask:
    """Ask a person to do something.

    `pupil` None: the school's or a class's own task. `occasion` tells two of one kind apart (a session,
    a class, an episode); the same rule, kind, pupil and occasion is the same task for ever. `title` says
    what to do, `why` in one sentence why; `say` is what to say on the telephone. `done_as` is the kind of
    event that marking the task done records, `about` what that event then names (the task itself where empty).
    With `holds_letters` every letter about the pupil but praise waits until the rule falls silent, and the task
    stands only where one waits. `drafts` names letters that may be sent with the task, by template. `each` are the
    pupils on one card whose cases it is a step of: done, it is recorded of each.
    """

    kind: str
    title: str
    why: str
    due: datetime
    role: str
    rank: Rank
    pupil: PupilId | None = None
    occasion: str = ""
    session: Session | None = None
    say: str = ""
    steps: tuple[str, ...] = ()
    done_as: str = ""
    outcomes: tuple[str, ...] = ()
    facts: Facts = ()
    holds_letters: bool = False
    about: str = ""
    drafts: tuple[str, ...] = ()
    each: tuple[PupilId, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftLetter:
    """Ask a named role to check and send a letter, text or e-mail; once per occasion, for ever.

    `template` names a file of config/letters; `facts` fill it. `pupil` None: a class's or the school's own.
    `sent_as` is the kind of event that sending it records. With `one_a_family`, the same letter for a brother or
    sister may be one with it; never where it holds a figure that is a concern. Praise (`is_praise`) waits for
    nothing and stands last on the list; what home waits for itself (`answers`) waits for nothing either. What
    every family is told alike (`to_all`) waits for nothing either.
    """

    template: str
    pupil: PupilId | None
    role: str
    occasion: str
    title: str
    why: str
    due: datetime
    sent_as: str
    facts: Facts = ()
    one_a_family: bool = False
    is_praise: bool = False
    answers: bool = False
    to_all: bool = False


@dataclass(frozen=True, slots=True)
class IncludeInReturn:
    """Ask that a pupil stand in an LA return. `name` is the return's id, `period` what it is about (a term).

    `first` to `last` is the episode that is told, both inclusive. `occasion` names it where a line is told once an
    episode and not once a period: the same name, pupil and occasion is the same line for ever. `facts` go to the
    return's writer, by label.
    """

    name: str
    pupil: PupilId
    period: str
    due: date
    cause: str
    facts: Facts = ()
    first: date | None = None
    last: date | None = None
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class OpenReferral:
    """Ask that a pupil's case be put to the LA; `kind` names the packet (`ewo`). Once per occasion.

    `done_as` is the kind of event that records it as done, `title` what to do where it is no referral to the LA.
    """

    kind: str
    pupil: PupilId
    occasion: str
    due: datetime
    role: str
    cause: str
    done_as: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class AddToSheet:
    """Ask that `key` stand in a sheet the office keeps; what a later pass says under the same key replaces it.

    Layout `row`: the key is the first cell of one row and the labels of `cells` are column heads (the
    whole-school monitoring sheet). Layout `block`: the key is a heading over `cells` as label and text (a
    class of the fire list). Layout `advice`: as a block, one labelled line a cell, each block on a page of its
    own (what a head weighs before deciding); `report`: the same, for the staff of a class or with a duty.
    """

    sheet: str
    key: str
    title: str
    layout: Literal["row", "block", "advice", "report"]
    cells: Facts = ()


Proposal = SetCode | RaiseTask | DraftLetter | IncludeInReturn | OpenReferral | AddToSheet


def recorded_as(proposal: Proposal) -> str:
    """The kind of event by which a person's doing of it is a step of the case; empty where it is none."""
    match proposal:
        case RaiseTask(done_as=kind) | OpenReferral(done_as=kind) | DraftLetter(sent_as=kind):
            return kind
    return ""
