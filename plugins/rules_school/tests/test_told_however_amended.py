"""However marks are amended, an episode is told as often as the LA wants, and what no longer holds is offered back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import combinations
from types import ModuleType
from typing import TypeGuard

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mbls_rules_school.health import hlt_01_long_illness
from mbls_rules_school.la_lines import la_01_attendance_return, la_06_absence_alert, la_11_retraction

from mbls_sync.api import Event, IncludeInReturn, Proposal, RaiseTask
from mbls_sync.policy.view import Parameter
from mbls_sync.testing.builders import ZONE, Someone, a_parameter, a_pupil, a_world, the_calendar
from mbls_sync.testing.filling import present
from mbls_sync.testing.running import bind, proposals

FIRST, LAST = date(2026, 9, 1), date(2026, 12, 18)
DAYS = [day for day in the_calendar().school_days if FIRST <= day <= LAST]
LOOKS = [date(2026, 10, 9), date(2026, 11, 6), date(2026, 11, 27), LAST]
"""The days on which the school looks, and sends what there is to send."""

CONTINUOUS = (
    a_parameter("la.attendance_return.frequency", "text", "as-it-arises"),
    a_parameter("la.attendance_return.repeat", "text", "once-per-episode"),
    a_parameter("la.attendance_return.days_count", "text", "continuous"),
    a_parameter("la.attendance_return.irregular_rule", "text", "none"),
    a_parameter("sickness.cumulative", "flag", False),
)
RETURNS: Mapping[str, tuple[ModuleType, str, int]] = {
    "attendance": (la_01_attendance_return, "O", 10),
    "absence-alert": (la_06_absence_alert, "IO", 15),
    "sickness": (hlt_01_long_illness, "I", 15),
}
"""Its rule, the codes that count, and how many school days."""

spells = st.lists(st.tuples(st.sampled_from("/IO"), st.integers(1, 22)), min_size=1, max_size=12)
amendments = st.lists(st.tuples(st.integers(0, len(DAYS) - 1), st.sampled_from("/IO")), max_size=6)


def _line(drawn: Sequence[tuple[str, int]]) -> dict[date, str]:
    codes = [code for code, length in drawn for _ in range(length)][: len(DAYS)]
    return dict(zip(DAYS, codes + ["/"] * (len(DAYS) - len(codes)), strict=True))


def _ask(
    module: ModuleType, line: Mapping[date, str], events: Sequence[Event], day: date, made_up: Sequence[Parameter]
) -> list[Proposal]:
    marks = {s: present(s) if line[s.day] == "/" else line[s.day] for s in the_calendar().sessions(FIRST, day)}
    someone = Someone(a_pupil(), marks, events=tuple(events))
    world = a_world(_at(day, 16), someone, made_up={parameter.name: parameter for parameter in made_up})
    return list(proposals(bind(module), world))


def _lines(
    module: ModuleType, line: Mapping[date, str], events: Sequence[Event], day: date, made_up: Sequence[Parameter]
) -> list[IncludeInReturn]:
    return [one for one in _ask(module, line, events, day, made_up) if isinstance(one, IncludeInReturn)]


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def _sent(line: IncludeInReturn, day: date) -> Event:
    return Event(
        _at(day, 17), "return-line-sent", line.pupil, f"{line.first}..{line.last}", ref=f"{line.name} {line.period}"
    )


def _runs(line: Mapping[date, str], codes: str, until: date, at_least: int) -> list[tuple[date, date]]:
    """The unbroken spells, counted in the plainest way there is."""
    found: list[list[date]] = [[]]
    for day in DAYS:
        if day > until:
            break
        if line[day] in codes:
            found[-1].append(day)
        elif found[-1]:
            found.append([])
    return [(run[0], run[-1]) for run in found if len(run) >= at_least]


def _span(event: Event) -> tuple[date, date]:
    first, _, last = event.outcome.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last)


def _meet(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _is_offer(proposal: Proposal) -> TypeGuard[RaiseTask]:
    return isinstance(proposal, RaiseTask)


@pytest.mark.parametrize("name", RETURNS)
@settings(deadline=None, max_examples=40)
@given(drawn=spells, amended=st.tuples(*[amendments] * len(LOOKS)))
def test_an_episode_is_told_once_and_what_no_longer_holds_is_offered_to_be_taken_back(
    name: str, drawn: Sequence[tuple[str, int]], amended: Sequence[Sequence[tuple[int, str]]]
) -> None:
    module, codes, at_least = RETURNS[name]
    line, events = _line(drawn), []
    for day, changes in zip(LOOKS, amended, strict=True):
        line |= {DAYS[place]: code for place, code in changes}
        lines = _lines(module, line, events, day, CONTINUOUS)
        told = [*map(_span, events), *((one.first, one.last) for one in lines if one.first and one.last)]
        runs = _runs(line, codes, day, at_least)
        assert all(any(_meet(run, span) for span in told) for run in runs), "an episode was not told"
        events += [_sent(one, day) for one in lines]
        offered = {one.occasion for one in _ask(la_11_retraction, line, events, day, CONTINUOUS) if _is_offer(one)}
        gone = {event.ref for event in events if not any(_meet(_span(event), run) for run in runs)}
        assert offered == gone, "a line that no longer holds is not offered, or one that holds is"
    assert not [pair for pair in combinations(map(_span, events), 2) if _meet(*pair)], "an episode was told twice"


@settings(deadline=None, max_examples=40)
@given(drawn=spells)
def test_where_the_la_wants_it_at_every_interval_it_is_listed_in_each_month_while_it_holds(
    drawn: Sequence[tuple[str, int]],
) -> None:
    line, events = _line(drawn), []
    quiet = a_parameter("la.attendance_return.irregular_rule", "text", "none")
    only = a_parameter("la.attendance_return.days_count", "text", "continuous")
    for day in LOOKS[1:]:
        lines = _lines(la_01_attendance_return, line, events, day, (quiet, only))
        month = day.replace(day=1)
        holds = any(last >= month for _, last in _runs(line, "O", day, 10))
        assert bool(lines) is holds
        assert {one.period for one in lines} <= {f"{day:%Y-%m}"}
        events += [_sent(one, day) for one in lines]
