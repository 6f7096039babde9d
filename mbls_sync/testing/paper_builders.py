"""Made-up entries of a return and made-up evidence of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import monday
from mbls_sync.model.decisions import Because
from mbls_sync.model.happenings import Event, LeaveRequest, Message
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import Evidence, MarkLine, Referral, ReturnDue, ReturnEntry
from mbls_sync.policy.view import PolicyAt
from mbls_sync.testing.builders import ZONE, a_policy, a_pupil, the_calendar, the_codebook
from mbls_sync.testing.filling import spread

LAST_DAY = date(2026, 12, 18)
BECAUSE = Because("LA-02", "Appendix A, 5")


def some_figures(pupil: str = "P1", possible: int = 100, missed: int = 10, **fields: Any) -> PupilFigures:
    """Figures of so many sessions, the absences unauthorised."""
    made_up = PupilFigures(
        pupil=PupilId(pupil),
        possible=possible,
        present=possible - missed,
        approved_activity=0,
        authorised=0,
        unauthorised=missed,
        unmarked=0,
        late_before_close=0,
        late_after_close=0,
        persistent=10 * missed >= possible,
        severe=2 * missed >= possible,
        unauthorised_10_weeks=missed,
    )
    return replace(made_up, **fields)


def a_due(name: str = "register-check", last: date = LAST_DAY) -> ReturnDue:
    """A return about the autumn term."""
    return ReturnDue(name, "autumn 2026-27", date(2026, 9, 1), last, last)


def some_entries(count: int = 5) -> tuple[ReturnEntry, ...]:
    """Entries of so many pupils, each unlike the next; names sort otherwise than ids."""
    return tuple(_entry(number, count) for number in range(count))


def _entry(number: int, count: int) -> ReturnEntry:
    id = f"P{number}"
    pupil = a_pupil(
        id,
        surname=f"Testpupil{chr(ord('A') + (count - number) % 26)}",
        upn=f"A00000000000{number}",
        born=date(2019, 5, 1) - timedelta(days=200 * number),
        address=f"{number + 1} Example Road",
        postcode="ZZ1 1ZZ",
    )
    at = datetime(2026, 11, 2, 9, 30, tzinfo=ZONE)
    action = Event(at, "support-letter-sent", pupil.id) if number % 2 else None
    cause = f"attendance is at or below 93% ({number})"
    return ReturnEntry(pupil, some_figures(id, missed=7 + number), number, "support letter", action, cause, BECAUSE)


def a_referral(pupil: str = "P1") -> Referral:
    """A case put to the EWO."""
    return Referral("ewo", PupilId(pupil), "2026-27/1", date(2026, 12, 14), "no better after a term", BECAUSE)


def some_evidence(id: str = "P1", **fields: Any) -> Evidence:
    """All that the school knows of a made-up case, from September to December."""
    who = a_pupil(id, upn="A000000000001", address="1 Example Road", postcode="ZZ1 1ZZ")
    lines = _lines()
    at = datetime(2026, 12, 14, 10, 0, tzinfo=ZONE)
    made_up = Evidence(
        pupil=who,
        at=at,
        figures=some_figures(id, len(lines), 18),
        previous=None,
        marks=lines,
        events=(Event(at - timedelta(days=60), "support-letter-sent", who.id, by="Officer Example"),),
        messages=(Message(who.id, at - timedelta(days=30), "mother", "a cold"),),
        requests=(LeaveRequest(who.id, at, date(2026, 12, 16), date(2026, 12, 17), "holiday"),),
        weekly=_weekly(lines),
        siblings=1,
        school_weeks=tuple(dict.fromkeys(monday(line.session.day) for line in lines)),
    )
    return replace(made_up, **fields)


def a_paper_policy() -> PolicyAt:
    """The shipped policy on the day the made-up papers are due."""
    return a_policy(LAST_DAY)


def _lines() -> tuple[MarkLine, ...]:
    sessions = the_calendar().sessions(date(2026, 9, 1), date(2026, 12, 11))
    book = the_codebook()
    return tuple(
        MarkLine(session, code, book.title(code, session.day), book.meaning(code, session.day))
        for session, code in spread(sessions, 18, "O").items()
    )


def _weekly(lines: tuple[MarkLine, ...]) -> tuple[tuple[date, int, int], ...]:
    weeks: Mapping[date, list[MarkLine]] = {monday(line.session.day): [] for line in lines}
    for line in lines:
        weeks[monday(line.session.day)].append(line)
    return tuple((week, sum(line.code != "O" for line in held), len(held)) for week, held in weeks.items())
