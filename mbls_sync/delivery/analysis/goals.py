"""The governors' goals and how far they are reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from mbls_sync.delivery.analysis.material import Material, summed
from mbls_sync.errors import ParameterError
from mbls_sync.figures.groups import GroupFigures
from mbls_sync.figures.percentages import attendance, points, share, shown, shown_against
from mbls_sync.model.packs import PackTable

COLUMNS = ("Goal", "Figure set", "This year to date", "Reached?", "Away by (points)")
PARAMETER = "governors.goals"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a goal is about, whether more is better, and how it is worked out."""

    says: str
    at_least: bool
    of: Callable[[GroupFigures], Fraction | None]


MEASURES: Mapping[str, Measure] = {
    "attendance": Measure("Attendance, at least", True, attendance),
    "punctuality": Measure(
        "Attended sessions begun in time, at least",
        True,
        lambda sums: share(sums.attended - sums.late_before_close, sums.attended + sums.late_after_close),
    ),
    "persistent": Measure(
        "Pupils persistently absent, at most", False, lambda sums: share(sums.persistent or 0, sums.pupils)
    ),
    "severe": Measure("Pupils severely absent, at most", False, lambda sums: share(sums.severe or 0, sums.pupils)),
    "unauthorised": Measure(
        "Unauthorised absence, at most", False, lambda sums: share(sums.unauthorised, sums.possible)
    ),
}
OF_PUPILS = ("persistent", "severe")


def goal_table(material: Material) -> PackTable | None:
    """A row for each goal in force on the span's last day; None where no mark is held. Raises ParameterError."""
    sums = summed(material.year, material.year)
    if sums is None:
        return None
    rows = tuple(_row(name, goal, sums, material) for name, goal in goals(material).items())
    return PackTable(
        heading="The governors' goals",
        columns=COLUMNS,
        rows=rows,
        sheet="Goals",
        intro=f"Set by the governors as in force on {material.until.day} {material.until:%B %Y}, in per cent."
        + _open_to_set(goals(material)),
    )


def _open_to_set(found: Mapping[str, Decimal]) -> str:
    """What no goal is about yet, for governors who wonder what they could aim at; nothing where all are set."""
    left = [measure.says.partition(",")[0].casefold() for name, measure in MEASURES.items() if name not in found]
    return (
        f" No goal is set yet for: {', '.join(left)} (config/policy/parameters/governors/goals.yaml)." if left else ""
    )


def goals(material: Material) -> Mapping[str, Decimal]:
    """Measure and figure of each goal. Raises ParameterError for an unknown measure or a figure that is none."""
    found: dict[str, Decimal] = {}
    for name, text in material.policy.table(PARAMETER).items():
        if name not in MEASURES:
            raise ParameterError(f"{PARAMETER} sets a goal for {name!r}; it may be: {', '.join(MEASURES)}")
        try:
            found[name] = Decimal(text)
        except InvalidOperation:
            raise ParameterError(f"{PARAMETER}: {name} is {text!r}; write a number of per cent, such as 96") from None
    return found


def _row(name: str, goal: Decimal, sums: GroupFigures, material: Material) -> tuple[str, ...]:
    measure = MEASURES[name]
    now = measure.of(sums)
    count = (sums.persistent if name == "persistent" else sums.severe) or 0
    hidden = name in OF_PUPILS and 0 < count < material.at_least
    if now is None or hidden:
        reached = "not shown: few pupils" if hidden else shown(None)
        return (measure.says, f"{goal}%", shown(None), reached, shown(None))
    away = now - Fraction(goal)
    is_reached = away >= 0 if measure.at_least else away <= 0
    return (measure.says, f"{goal}%", f"{shown_against(now, goal)}%", "yes" if is_reached else "not yet", points(away))
