"""Four pupils of the synthetic school of whom the LA must be told: long ill, new, leaving, and nobody knows where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from mbls_sync.demo.absence import Marks
from mbls_sync.demo.morning import Morning
from mbls_sync.demo.office import OFFICER
from mbls_sync.demo.people import Family
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId

ILL, NEW, LEAVING, MISSING = CASES = ("Badgers", "Kites", "Merlins", "Squirrels")
"""The classes that they are in: the first of each by UPN who has no brother or sister on the roll."""

ILL_SINCE = date(2026, 10, 16)
ENTERED = date(2026, 11, 12)
LAST_DAY = date(2026, 11, 17)
MISSING_SINCE = date(2026, 11, 3)


def enter_and_take_off(households: Sequence[Family]) -> None:
    """Enter one pupil in the middle of the term, and let another's last day come."""
    chosen = _chosen(households)
    for household in households:
        for place, pupil in enumerate(household.pupils):
            if pupil.id == chosen.get(NEW):
                household.pupils[place] = replace(pupil, admitted=ENTERED)
            elif pupil.id == chosen.get(LEAVING):
                household.pupils[place] = replace(pupil, left=LAST_DAY)


def away(households: Sequence[Family], truth: Mapping[PupilId, Marks]) -> dict[PupilId, Marks]:
    """What really happened, with one pupil long ill, and one missing."""
    chosen, changed = _chosen(households), dict(truth)
    for name, since, code in ((ILL, ILL_SINCE, "I"), (MISSING, MISSING_SINCE, "O")):
        if name in chosen:
            line = truth[chosen[name]]
            changed[chosen[name]] = {session: code if session.day >= since else line[session] for session in line}
    return changed


def unheard(today: Morning, households: Sequence[Family]) -> Morning:
    """The morning without a word from the home of which nobody knows where it is."""
    missing = _chosen(households).get(MISSING)
    return replace(today, messages=tuple(m for m in today.messages if m.pupil != missing))


def told(households: Sequence[Family], zone: ZoneInfo) -> tuple[Event, ...]:
    """What the office recorded of the four, in order of time."""
    chosen = _chosen(households)
    steps = (
        (MISSING, date(2026, 11, 3), "call-home", "No answer", ""),
        (MISSING, date(2026, 11, 4), "home-visit", "nobody answered", ""),
        (MISSING, date(2026, 11, 4), "lone-worker-risk", "none known", ""),
        (LEAVING, date(2026, 11, 9), "deletion-ground", "a", ""),
        (LEAVING, date(2026, 11, 9), "destination-known", "Elsewhere Primary School (made up)", "18/11/2026"),
        (MISSING, date(2026, 11, 10), "enquiry-made", "the landlord: the family moved out in October", ""),
        (NEW, ENTERED, "last-school-known", "Otherton Lower School (made up)", ""),
        (ILL, date(2026, 11, 16), "fit-note-received", "2026-12-04", ""),
        (MISSING, date(2026, 11, 16), "whereabouts-unknown", "the house is empty", "no risk known"),
    )
    by, role = OFFICER
    return tuple(
        Event(datetime.combine(day, time(10, 30), tzinfo=zone), kind, chosen[name], outcome, by, role, note)
        for name, day, kind, outcome, note in steps
        if name in chosen
    )


def _chosen(households: Sequence[Family]) -> dict[str, PupilId]:
    """Whom each case is about, by class."""
    only = [household.pupils[0] for household in households if len(household.pupils) == 1]
    found: dict[str, PupilId] = {}
    for pupil in sorted(only, key=lambda pupil: pupil.id):
        if pupil.class_name in CASES:
            found.setdefault(pupil.class_name, pupil.id)
    return found
