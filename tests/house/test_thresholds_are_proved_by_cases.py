"""Every threshold has cases that stand on it: moved by one either way, a case of some rule no longer holds.

And it is felt on its own day, not by what is judged the day before. Nothing is written down for this but the cases
themselves: a new parameter needs its cases, and no entry here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import mbls_rules_school

from mbls_sync.policy.reminders import reminders_in
from mbls_sync.policy.view import Parameter
from mbls_sync.registry.manager import BoundRule
from mbls_sync.testing.builders import ZONE, the_parameters
from mbls_sync.testing.cases import Case
from tests.house.judged_cases import COUNTED, Asked, holds, moved, readers, with_value

CLOCK = ("ahead", "due")
"""What of a reminder's row is a number of school days."""

ITSELF = "governance.change_notice_days"
"""GOV-02 tells of every coming change of a value, of this one too: no case can be silent about it."""


def _from(parameter: Parameter, other: Parameter, day: date) -> Parameter:
    """As it was until `day`, and as the other from then on."""
    now = replace(other.on(day), since=day)
    before = tuple(dated for dated in parameter.values if dated.since < day)
    after = tuple(dated for dated in other.values if dated.since > day)
    return replace(parameter, values=(*before, now, *after))


@cache
def thresholds() -> tuple[str, ...]:
    """The parameters that are a number, a time or a day, and that a case of a rule reads."""
    known = the_parameters()
    return tuple(sorted(name for name in readers() if name in known and known[name].kind in COUNTED))


def _biting(name: str, by: int) -> Iterator[Asked]:
    """The cases that no longer hold when the value is moved."""
    for rule, case in readers()[name]:
        if not holds(rule, with_value(case, moved(case.world.parameters[name], by))):
            yield rule, case


def test_one_lower_and_one_higher_each_make_a_case_fail() -> None:
    unproved = [(name, by) for name in thresholds() for by in (-1, 1) if next(_biting(name, by), None) is None]
    assert unproved == [], "no case stands on the boundary: moved so, nothing changes"


def test_a_new_value_is_felt_on_its_day_and_not_the_day_before() -> None:
    unproved = [name for name in thresholds() if name != ITSELF and not _has_its_day(name)]
    assert unproved == [], "no case shows that a new value holds from its own day on, and not before"


def test_every_threshold_that_a_rule_names_is_read_in_a_case() -> None:
    texts = [file.read_text(encoding="utf-8") for file in Path(mbls_rules_school.__path__[0]).rglob("*.py")]
    named = {name for name, known in the_parameters().items() if known.kind in COUNTED and _in(name, texts)}
    assert named - set(thresholds()) == set()


def test_the_clock_of_every_reminder_is_proved_too() -> None:
    rows = {row.name: row for row in reminders_in(the_parameters())}
    clocks = [(name, key) for name, row in rows.items() for key in CLOCK if key in dict(row.values[-1].value)]
    assert len(clocks) > len(CLOCK)
    assert [(*clock, by) for clock in clocks for by in (-1, 1) if _holds_moved(*clock, by)] == []
    assert all(_holds_moved(*clock, 0) for clock in clocks), "moved by nothing, its cases hold"


def _holds_moved(name: str, key: str, by: int) -> bool:
    row = the_parameters()[name]
    moved_row = replace(row, values=tuple(replace(dated, value=_ticked(dated.value, key, by)) for dated in row.values))
    return all(holds(rule, with_value(case, moved_row)) for rule, case in readers()[name])


def _ticked(pairs: tuple[tuple[str, str], ...], key: str, by: int) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(int(text) + by) if name == key else text) for name, text in pairs)


def _in(name: str, texts: list[str]) -> bool:
    """Whether a text reads the value; to ask whether it is in force is no reading."""
    return any(f'"{name}"' in text.replace(f'is_in_force("{name}")', "") for text in texts)


def _has_its_day(name: str) -> bool:
    shipped = the_parameters()[name]
    return any(
        _is_felt_on_its_day(rule, case, shipped, moved(shipped, by))
        for by in (-1, 1)
        for rule, case in _biting(name, by)
        if case.world.parameters[name] is shipped
    )


def _is_felt_on_its_day(rule: BoundRule, case: Case, shipped: Parameter, other: Parameter) -> bool:
    """Of today's judgement, or of a request's: that is judged by the policy of the day on which it came."""
    days = {case.world.today, *(request.received_at.astimezone(ZONE).date() for request in case.world.requests)}
    return any(
        holds(rule, with_value(case, _from(shipped, other, day + timedelta(days=1))))
        and not holds(rule, with_value(case, _from(shipped, other, day)))
        for day in days
    )
