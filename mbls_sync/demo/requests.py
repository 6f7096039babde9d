"""What the synthetic school's homes have asked for beforehand: one request of every kind, decided and undecided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from mbls_sync.demo.people import Family
from mbls_sync.model.happenings import Event, LeaveRequest, Licence, RequestKind
from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Period

HEAD = ("H. Head-Example", "headteacher")


@dataclass(frozen=True)
class Desk:
    """Whom the requests are about: pupils who are away today and silent about it, others, and a family of several."""

    away: Sequence[PupilId]
    others: Sequence[PupilId]
    family: Sequence[PupilId]
    day: date
    zone: ZoneInfo

    def request(self, pupil: PupilId, asked: int, first: int, last: int, purpose: str) -> LeaveRequest:
        """A request that came `asked` days before today, for the days `first` to `last` from today."""
        at = self.moment(-asked, 9, 5)
        return LeaveRequest(pupil, at, self.day + timedelta(first), self.day + timedelta(last), purpose)

    def event(self, request: LeaveRequest, after: int, kind: str, outcome: str = "", note: str = "") -> Event:
        """A step of the head's, `after` days after the request came."""
        by, role = HEAD
        return Event(request.received_at + timedelta(after), kind, request.pupil, outcome, by, role, note)

    def moment(self, days: int, hour: int, minute: int) -> datetime:
        """A time of the day so many days from today."""
        return datetime.combine(self.day + timedelta(days), time(hour, minute), tzinfo=self.zone)


def requests_made(
    households: Sequence[Family], away: Sequence[PupilId], day: date, zone: ZoneInfo
) -> tuple[tuple[LeaveRequest, ...], tuple[Event, ...]]:
    """The requests and what the head has decided about them; of a small school only as many as it has pupils for.

    `away` are the pupils who miss this morning and of whom nothing was heard.
    """
    family = next((h for h in households if len(h.pupils) > 1), None)
    several = [pupil.id for pupil in family.pupils] if family else []
    taken = {*away, *several}
    school_age = (p for h in households for p in h.pupils if p.year_group not in ("N1", "N2"))
    desk = Desk(away, [p.id for p in school_age if p.id not in taken], several, day, zone)
    made = [*_for_today(desk), *_for_the_head(desk), *_performances(desk), *_lunch_times(desk)]
    requests = [item for item in made if isinstance(item, LeaveRequest)]
    events = [item for item in made if isinstance(item, Event)]
    return tuple(sorted(requests, key=lambda r: (r.received_at, r.pupil))), tuple(sorted(events, key=lambda e: e.at))


def _for_today(desk: Desk) -> Iterator[LeaveRequest | Event]:
    """About who is away: leave granted, leave refused and taken all the same, an appointment, a request too late."""
    whose = iter(desk.away)
    for pupil in islice(whose, 1):
        wedding = replace(desk.request(pupil, 21, 0, 0, "wedding"), reason="a parent marries")
        yield wedding
        yield desk.event(wedding, 2, "leave-granted", note="a parent's own wedding, one day")
        yield desk.event(wedding, 3, "leave-answer-sent")
    for pupil in islice(whose, 1):
        holiday = replace(desk.request(pupil, 19, 0, 0, "family holiday"), reason="cheaper in term time")
        yield holiday
        yield desk.event(holiday, 2, "leave-refused", note="a holiday is no exceptional circumstance")
        yield desk.event(holiday, 2, "leave-answer-sent")
    for pupil in islice(whose, 1):
        dentist = replace(desk.request(pupil, 8, 0, 0, "dentist"), kind=RequestKind.APPOINTMENT, ends=Period.AM)
        yield replace(dentist, leaves_at=time(8, 30), back_at=time(10, 30))
    for pupil in islice(whose, 1):
        yield replace(desk.request(pupil, 0, 0, 0, "day trip"), reason="the tickets are for today")


def _for_the_head(desk: Desk) -> Iterator[LeaveRequest | Event]:
    """What waits for a decision or its answer: leave for a whole family, observance, travel, leave just granted."""
    for pupil in desk.family:
        yield replace(desk.request(pupil, 6, 27, 28, "wedding"), reason="an aunt marries")
    whose = iter(desk.others)
    for pupil in islice(whose, 1):
        concert = replace(desk.request(pupil, 12, 15, 16, "family event"), reason="a sister is ordained abroad")
        yield concert
        yield desk.event(concert, 11, "leave-granted", f"{concert.first} AM", "only the morning can be exceptional")
    for pupil in islice(whose, 1):
        festival = replace(desk.request(pupil, 5, 20, 20, "festival"), kind=RequestKind.RELIGIOUS)
        yield replace(festival, body="Example Temple")
    for pupil in islice(whose, 1):
        yield replace(desk.request(pupil, 4, 22, 22, "day of observance"), kind=RequestKind.RELIGIOUS)
    for pupil in islice(whose, 1):
        yield replace(desk.request(pupil, 3, 23, 30, "winter fairs"), kind=RequestKind.TRAVEL)


def _performances(desk: Desk) -> Iterator[LeaveRequest | Event]:
    """A licence with dates and lessons under it, one without dates, and a performance without any."""
    for pupil, licence in zip(desk.others[4:], (Licence.DATED, Licence.UNDATED, Licence.NONE), strict=False):
        request = replace(
            desk.request(pupil, 14, 2, 3, "television film"),
            kind=RequestKind.PERFORMANCE,
            licence=licence,
            licence_number="" if licence is Licence.NONE else f"EX-{desk.day.year}-7",
        )
        if licence is not Licence.DATED:
            yield request
            continue
        yield replace(request, licence_first=desk.day - timedelta(8), licence_last=desk.day + timedelta(3))
        for days, hours in ((-8, "3"), (-7, "3"), (-6, "2:30"), (-5, "3"), (-4, "3.5"), (-1, "1")):
            yield Event(desk.moment(days, 16, 0), "education-given", pupil, hours, "T. Tutor-Example", "tutor")


def _lunch_times(desk: Desk) -> Iterator[LeaveRequest | Event]:
    """A permission that stands, and a request that waits for a talk with the parent."""
    for pupil, granted in zip(desk.others[7:], (True, False), strict=False):
        request = replace(
            desk.request(pupil, 41 if granted else 4, -35 if granted else 6, 240, "lunch at home"),
            kind=RequestKind.LUNCH,
            reason="lives next door and eats with a grandparent",
        )
        yield request
        if granted:
            yield desk.event(request, 1, "lunch-discussed")
            yield desk.event(request, 2, "lunch-decided", "granted", "back by the bell, signed out and in")
            yield desk.event(request, 2, "lunch-answer-sent")
