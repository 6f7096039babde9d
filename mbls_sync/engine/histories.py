"""One history a pupil, with all figures of the school worked out together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from mbls_sync.engine.moments import last_opened
from mbls_sync.engine.world import World
from mbls_sync.figures.counts import figures_of
from mbls_sync.figures.history import History
from mbls_sync.figures.measures import Measures
from mbls_sync.figures.spans import Spans
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.families import families
from mbls_sync.model.happenings import LeaveRequest
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Phase, Pupil


class OfAPupil(Protocol):
    """A row of any input that names its pupil."""

    @property
    def pupil(self) -> PupilId | None:
        """Whom the row is about; None for the school's own."""
        ...


RowT = TypeVar("RowT", bound=OfAPupil)


def histories(world: World) -> Mapping[PupilId, History]:
    """A history for everybody who was on the roll in this academic year, ordered by id."""
    everybody, measures = _this_year(world), _measures(world)
    phases = {phase: [p for p in everybody if p.phase is phase] for phase in Phase}
    figures = {id: counted for phase, pupils in phases.items() for id, counted in _figures(world, phase, pupils)}
    messages, sign_ins = _by_pupil(world.messages), _by_pupil(world.sign_ins)
    requests, events = _by_pupil(world.requests), _by_pupil(world.events)
    siblings = _sibling_requests(world)
    until = {phase: last_opened(world, phase) for phase in Phase}
    spans = Spans(everybody, world.registers, world.calendar, measures)
    return {
        pupil.id: History(
            pupil=pupil,
            until=until[pupil.phase],
            registers=world.registers,
            calendar=world.calendar,
            figures=figures[pupil.id],
            measures=measures,
            messages=messages.get(pupil.id, ()),
            sign_ins=sign_ins.get(pupil.id, ()),
            requests=requests.get(pupil.id, ()),
            sibling_requests=siblings.get(pupil.id, ()),
            events=events.get(pupil.id, ()),
            spans=spans,
        )
        for pupil in everybody
    }


def _this_year(world: World) -> list[Pupil]:
    """Everybody on roll now, and those who left in this academic year."""
    here = (p for p in world.roll if p.on_roll(world.today) or (p.left is not None and p.left >= world.year.first))
    return sorted(here, key=lambda pupil: pupil.id)


def _figures(world: World, phase: Phase, pupils: list[Pupil]) -> Iterable[tuple[PupilId, PupilFigures]]:
    """The figures of one phase's pupils, over the academic year of its own latest opened register.

    In August that is still the year before: a case does not rest on no figures at all over the holiday.
    """
    if not pupils:
        return ()
    last = last_opened(world, phase)
    year = AcademicYear.of(last.day)
    years = [world.pages_of(year), *(pages for known, pages in world.registers.items() if known < year)]
    counted = figures_of(pupils, years, world.calendar, year.first, last, _measures(world))
    return ((figures.pupil, figures) for figures in counted)


def _measures(world: World) -> Measures:
    """What is persistent and severe, and how many school weeks roll, today."""
    return Measures.under(world.policy())


def _sibling_requests(world: World) -> Mapping[PupilId, tuple[LeaveRequest, ...]]:
    """For each pupil with a request the requests for others of the family, in order of time.

    Only pupils with a request are compared: looking at the whole roll would cost every pass ten times as much.
    """
    asking = {request.pupil for request in world.requests}
    heads = families([pupil for pupil in world.roll if pupil.id in asking])
    of_family: dict[PupilId, list[LeaveRequest]] = {}
    for request in world.requests:
        of_family.setdefault(heads.get(request.pupil, request.pupil), []).append(request)
    return {
        pupil: tuple(request for request in of_family[head] if request.pupil != pupil) for pupil, head in heads.items()
    }


def _by_pupil(rows: Iterable[RowT]) -> Mapping[PupilId, tuple[RowT, ...]]:
    found: dict[PupilId, list[RowT]] = {}
    for row in rows:
        if row.pupil is not None:
            found.setdefault(row.pupil, []).append(row)
    return {pupil: tuple(these) for pupil, these in found.items()}
