"""One school at Wonde: its pupils, contacts and marks, and marks written back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property

from mbls_adapter_wonde.codes import Codes, read_codes
from mbls_adapter_wonde.looking import no_writing, nobody_there, reports, school_of, takes_marks
from mbls_adapter_wonde.marks import Marks, read_of
from mbls_adapter_wonde.memory import Known, print_of
from mbls_adapter_wonde.options import Options
from mbls_adapter_wonde.roll import Roll, deleted_since, read_roll
from mbls_adapter_wonde.walk import Wonde
from mbls_adapter_wonde.writing import Writing
from mbls_sync.api import (
    NO_MARK,
    Accepted,
    AdapterOffer,
    Bearer,
    Capability,
    Code,
    Given,
    HealthReport,
    Mark,
    MarkKey,
    MarkWrite,
    Page,
    PupilId,
    PushResult,
    Refused,
    Resource,
    Session,
    hookimpl,
)

PEOPLE = "students"


class WondeSchool:
    """One school, as long as one pass lasts: roll and codes are read when first needed, and once."""

    def __init__(self, options: Options, given: Given) -> None:
        self._options, self._given = options, given
        auth = Bearer(options.secret(given.folder))
        http = given.connect(options.base_url, {}, auth=auth, manners=options.manners(given.folder))
        self._wonde = Wonde(http, options.school, options.per_page)
        self._known = Known()

    def check(self) -> Iterable[HealthReport]:
        """Look at the school, its pupils, its codes and whether it takes marks; change nothing."""
        found = sum(1 for _ in self._wonde.rows("students"))
        return reports(self._options, school_of(self._wonde), found, self._codes)

    def pull(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        """The roll where an hour has gone by since it was read; then every mark not yet stored."""
        known = Known.parse(cursors.get(PEOPLE, ""))
        if self._options.people and known.hour != self._hour():
            yield from self._people(known)
            known = self._learnt(known)
        elif not known.ids:
            known = self._learnt(known)
        self._known = known
        since = self._options.since or min(year.year.first for year in self._given.calendar.years)
        yield from self._marks(known).pages(read_of(cursors), since, self._today(), known.here)

    def read(self, keys: Sequence[MarkKey]) -> Mapping[MarkKey, Mark]:
        """What the MIS holds for these marks now; a day's register is asked for as a whole."""
        days = sorted({key.session.day for key in keys})
        rows = [row for day in days for row in self._marks(self._known).on(day).marks]
        held = {MarkKey(row.pupil, Session(row.day, row.period)): row for row in rows if row.code != NO_MARK}
        return {key: Mark(key.pupil, key.session, held[key].code, held[key].detail) for key in keys if key in held}

    def code_map(self) -> Mapping[Code, str]:
        """Every code of the school. Raises Rejected where it does not allow marks to be written."""
        if not takes_marks(school_of(self._wonde)):
            raise no_writing()
        return self._codes.why_not()

    @property
    def most_at_once(self) -> int:
        """How many marks go in one call."""
        return self._options.marks_per_call

    @property
    def recomputes(self) -> bool:
        """Whether the MIS behind Wonde may derive a written mark away again."""
        return self._options.recomputes

    def push(self, writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        """Each mark once; one result for each, in order."""
        return self._writing.push(writes)

    def outcomes(self, references: Sequence[str]) -> Mapping[str, Accepted | Refused]:
        """What became of earlier writes."""
        return self._writing.outcomes(references)

    def _people(self, known: Known) -> Iterator[Page]:
        roll, now = self._roll, self._learnt(known)
        same = now.content == known.content
        yield Page(Resource.CONTACTS, "contacts", "Wonde contacts", now.content, items=roll.contacts, unchanged=same)
        # The roll last: its cursor says that this hour's people are stored, all of them.
        yield Page(
            Resource.PUPILS,
            PEOPLE,
            "Wonde students",
            str(now),
            items=roll.pupils,
            bad=roll.bad,
            warnings=self._deleted(known),
            unchanged=same,
        )

    def _deleted(self, known: Known) -> tuple[str, ...]:
        gone = deleted_since(self._wonde, known.ids, self._roll.ids) if known.ids else 0
        if not gone:
            return ()
        return (f"pupils deleted at Wonde and listed nowhere: {gone}; where one left, have the MIS say so with a date",)

    def _learnt(self, known: Known) -> Known:
        roll = self._roll
        content = print_of(roll.pupils, roll.contacts, roll.bad)
        return Known(self._hour(), content, {**known.ids, **roll.ids}, roll.here)

    def _marks(self, known: Known) -> Marks:
        def whose(id: str) -> PupilId | None:
            # A pupil who came since the roll was last read.
            return known.ids.get(id) or self._roll.ids.get(id)

        return Marks(self._wonde, self._options, self._codes, whose, self._given.calendar.zone)

    @cached_property
    def _roll(self) -> Roll:
        roll = read_roll(self._wonde, self._options, self._given.calendar.zone)
        if not roll.here:
            raise nobody_there(self._options, school_of(self._wonde))
        return roll

    @cached_property
    def _codes(self) -> Codes:
        return read_codes(self._wonde, self._options.no_mark_codes)

    @cached_property
    def _writing(self) -> Writing:
        return Writing(self._wonde, self._options, self._codes, self._roll.current)

    def _now(self) -> datetime:
        return self._given.clock().astimezone(self._given.calendar.zone)

    def _today(self) -> date:
        return self._now().date()

    def _hour(self) -> str:
        return f"{self._now():%Y-%m-%dT%H}"


@hookimpl
def offer_adapter() -> AdapterOffer[Options]:
    """Wonde, for one school."""
    can = frozenset({Capability.READ_BACK, Capability.WRITE, Capability.CONFIRMS_LATER})
    return AdapterOffer(name="wonde", options=Options, open=WondeSchool, can=can)
