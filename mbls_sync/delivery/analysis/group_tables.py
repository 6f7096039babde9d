"""Attendance, punctuality, authorised and unauthorised absence of every group, as tables and as plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from mbls_sync.delivery.analysis.groupings import BANDS, NEITHER, Grouping, said
from mbls_sync.delivery.analysis.material import WHOLE, Material, summed
from mbls_sync.delivery.analysis.scales import floor
from mbls_sync.delivery.analysis.shielding import NOT_SHOWN, Shield
from mbls_sync.figures.groups import GroupFigures
from mbls_sync.figures.percentages import attendance, difference, points, rounded, share, shown, shown_against
from mbls_sync.model.marks import PupilId
from mbls_sync.model.packs import Bar, BarPlot, PackTable
from mbls_sync.model.papers import Cell

COLUMNS = (
    "Group",
    "Pupils",
    "Possible sessions",
    "Present",
    "Approved activity",
    "Authorised absence",
    "Unauthorised absence",
    "Attendance %",
    "Authorised %",
    "Unauthorised %",
    "Late before close",
    "Late after close",
    "Late %",
    "Change on {before}",
    "Change on a year ago",
    "Persistently absent this year",
    "of whom severely",
)
PRINTED = (0, 1, 7, 8, 9, 12, 13, 15)
SHEETS = {"Year groups": "Year groups", "Classes": "Classes", BANDS: "Attendance bands"}


def tables(material: Material, shield: Shield) -> Iterator[PackTable]:
    """The whole school, year groups, classes and bands each as a table; the characteristics together in one."""
    own = [grouping for grouping in material.groupings if grouping.heading in SHEETS]
    for grouping in own:
        yield _table(material, shield, (grouping,), grouping.heading, SHEETS[grouping.heading])
    rest = tuple(grouping for grouping in material.groupings if grouping.heading not in SHEETS)
    if rest:
        yield _table(material, shield, rest, "Groups of pupils", "Groups")


def year_plot(material: Material, shield: Shield) -> BarPlot | None:
    """Attendance by year group beside the target."""
    (years,) = (grouping for grouping in material.groupings if grouping.heading == "Year groups")
    return _plot(material, shield, years, years.groups, "Attendance by year group")


def group_plot(material: Material, shield: Shield) -> BarPlot | None:
    """Attendance of the groups that the policy names beside the target and the whole school."""
    named: dict[str, tuple[str, frozenset[PupilId]]] = {}
    for grouping in material.groupings:
        if grouping.heading not in SHEETS:
            named |= {
                name: (grouping.heading, members)
                for name, members in grouping.groups.items()
                if not name.startswith("not ") and name not in NEITHER and grouping.heading != "Ethnicity"
            }
    everybody = Grouping("", {name: members for name, (_, members) in named.items()})
    headings = {name: heading for name, (heading, _) in named.items()}
    return _plot(material, shield, everybody, everybody.groups, "Attendance of groups of pupils", headings)


def _plot(
    material: Material,
    shield: Shield,
    grouping: Grouping,
    groups: Mapping[str, frozenset[PupilId]],
    heading: str,
    headings: Mapping[str, str] | None = None,
) -> BarPlot | None:
    found: list[tuple[str, Fraction, int]] = []
    for name, members in groups.items():
        sums = summed(material.over, members, name)
        share_of = attendance(sums) if sums else None
        if sums and share_of is not None and shield.shows((headings or {}).get(name, grouping.heading), name):
            found.append((name, share_of, sums.pupils))
    whole = summed(material.over, material.members)
    target = material.policy.percent("target.school")
    all_of_them = attendance(whole) if whole else None
    if len(found) < 2 or all_of_them is None:
        return None
    if headings:
        found.sort(key=lambda row: row[1])
    rows = [
        *((said(name), value, pupils) for name, value, pupils in found),
        (WHOLE, all_of_them, len(material.members)),
    ]
    bars = [
        Bar(name, rounded(of), f"{shown_against(of, target)}%", f"{pupils} pupil{'' if pupils == 1 else 's'}")
        for name, of, pupils in rows
    ]
    return BarPlot(
        heading=heading,
        bars=tuple(bars),
        low=floor([value for _, value, _ in found] + [all_of_them]),
        high=Decimal(100),
        says=_says(found, all_of_them, target),
        description=f"{heading}, in per cent of possible sessions: "
        + "; ".join(f"{bar.label} {bar.text}" for bar in bars)
        + f". The broken line stands at the target of {target}%.",
        line=target,
        line_says=f"target {target}%",
    )


def _says(found: list[tuple[str, Fraction, int]], whole: Fraction, target: Decimal) -> str:
    lowest = min(found, key=lambda row: row[1])
    highest = max(found, key=lambda row: row[1])
    below = sum(value < Fraction(target) for _, value, _ in found)
    reach = "All reach" if not below else f"{below} of {len(found)} are below"
    gap = shown(highest[1] - lowest[1])
    return (
        f"{reach} the target of {target}%. Lowest: {lowest[0]} with {shown(lowest[1])}%; highest: {highest[0]} with "
        f"{shown(highest[1])}%, {gap} points more. The whole school: {shown(whole)}%."
    )


def _table(material: Material, shield: Shield, some: tuple[Grouping, ...], heading: str, sheet: str) -> PackTable:
    persistent = frozenset(id for id in material.members if material.year[id].persistent)
    severe = frozenset(id for id in persistent if material.year[id].severe)
    shows_persistent, shows_severe = shield.counts_shown(persistent), shield.counts_shown(severe)

    def told(where: tuple[str, str] | None, of: frozenset[PupilId], may: frozenset[tuple[str, str]]) -> Cell:
        shows = shield.shows_all(len(of)) if where is None else where in may
        return len(of) if shows else NOT_SHOWN

    def row(name: str, members: frozenset[PupilId], where: tuple[str, str] | None) -> tuple[Cell, ...] | None:
        sums = summed(material.over, members, name)
        if sums is None:
            return None
        return (
            *_cells(sums, material, members),
            told(where, members & persistent, shows_persistent),
            told(where, members & severe, shows_severe),
        )

    rows = [row(WHOLE, material.members, None)]
    for grouping in some:
        for name, members in grouping.groups.items():
            if shield.shows(grouping.heading, name):
                rows.append(row(said(name), members, (grouping.heading, name)))
    left_out = shield.left_out(grouping.heading for grouping in some)
    return PackTable(
        heading=heading,
        columns=tuple(name.format(before=material.before_said) for name in COLUMNS),
        rows=tuple(line for line in rows if line is not None),
        sheet=sheet,
        printed=PRINTED,
        intro=left_out,
        notes=_notes(left_out),
    )


def _notes(left_out: str) -> tuple[str, ...]:
    said = (
        "Possible sessions = present + approved activity + authorised absence + unauthorised absence.",
        "Late before close counts as present, late after close as unauthorised absence.",
        "Changes are in percentage points of attendance. Persistent: a tenth or more of own sessions missed this year.",
    )
    return (*said, left_out) if left_out else said


def _cells(sums: GroupFigures, material: Material, members: Iterable[PupilId]) -> tuple[Cell, ...]:
    late = share(sums.late_before_close + sums.late_after_close, sums.possible)
    now = attendance(sums)
    return (
        sums.name,
        sums.pupils,
        sums.possible,
        sums.present,
        sums.approved_activity,
        sums.authorised,
        sums.unauthorised,
        rounded(now),
        rounded(share(sums.authorised, sums.possible)),
        rounded(share(sums.unauthorised, sums.possible)),
        sums.late_before_close,
        sums.late_after_close,
        rounded(late),
        _change(now, summed(material.earlier, members), material.at_least),
        _change(now, summed(material.year_ago, members), material.at_least),
    )


def _change(now: Fraction | None, then: GroupFigures | None, at_least: int) -> str:
    """The change, where enough of the group were there then: the rest may have come since."""
    return points(difference(now, attendance(then) if then and then.pupils >= at_least else None))
