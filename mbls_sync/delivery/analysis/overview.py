"""The first page of a pack: the figures that matter most, and what they mean in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from mbls_sync.delivery.analysis.beside_others import benchmark_rows, own
from mbls_sync.delivery.analysis.illness import illness_said
from mbls_sync.delivery.analysis.material import Material, summed
from mbls_sync.delivery.analysis.trend import change_said
from mbls_sync.figures.groups import GroupFigures
from mbls_sync.figures.percentages import absence, attendance, share, shown, shown_against
from mbls_sync.model.packs import KeyFigure, PackTable


def key_figures(material: Material) -> tuple[KeyFigure, ...]:
    """Attendance, unauthorised absence, punctuality and persistent absence, each with how it stands."""
    sums, year = summed(material.over, material.members), summed(material.year, material.members)
    if sums is None or year is None:
        return ()
    target = material.policy.percent("target.school")
    now = attendance(sums)
    late = share(sums.late_before_close + sums.late_after_close, sums.possible)
    return (
        KeyFigure("Attendance", f"{shown_against(now, target)}%", standing(now, Fraction(target))),
        KeyFigure(
            "Unauthorised absence",
            f"{shown(share(sums.unauthorised, sums.possible))}%",
            f"of possible sessions; authorised {shown(share(sums.authorised, sums.possible))}%",
        ),
        KeyFigure("Late arrivals", f"{shown(late)}%", f"of possible sessions; {sums.late_after_close} after the close"),
        KeyFigure("Persistently absent", *_persistent(material, year)),
    )


def standing(now: Fraction | None, target: Fraction) -> str:
    """`0.6 points below the target of 96%`, `on the target of 96%`."""
    said = change_said(now, target, f"the target of {shown(target).removesuffix('.0')}%")
    return said.replace("the same as", "on") or "no marks yet"


def _persistent(material: Material, year: GroupFigures) -> tuple[str, str]:
    count, severe = year.persistent or 0, year.severe or 0
    if 0 < count < material.at_least:
        return "few", f"fewer than {material.at_least} pupils this year to date"
    also = f", {severe} severely" if severe == 0 or severe >= material.at_least else ""
    return f"{shown(share(count, year.pupils))}%", f"{count} of {year.pupils} pupils this year to date{also}"


def sentences(material: Material, uneven: tuple[str, ...], goals: PackTable | None) -> tuple[str, ...]:
    """What a reader with one minute should know, in order."""
    return tuple(sentence for sentence in _sentences(material, uneven, goals) if sentence)


def _sentences(material: Material, uneven: tuple[str, ...], goals: PackTable | None) -> Iterator[str]:
    sums = summed(material.over, material.members)
    if sums is None:
        yield "No marks of this span are held."
        return
    now, target = attendance(sums), Fraction(material.policy.percent("target.school"))
    yield f"Attendance was {shown_against(now, material.policy.percent('target.school'))}%, {standing(now, target)}."
    yield _compared(material, now)
    yield _beside(material)
    yield (
        f"Pupils missed {sums.absent:,} of {sums.possible:,} sessions: {sums.authorised:,} with leave or for an "
        f"accepted reason, {sums.unauthorised:,} without."
    )
    yield illness_said(material)
    yield _goals(goals)
    if uneven:
        yield f"Support fell unevenly on {len(uneven)} of the groups: see “Is support given evenly?”."


def _compared(material: Material, now: Fraction | None) -> str:
    spans = ((material.earlier, material.before_said), (material.year_ago, "the same weeks a year ago"))
    said = [
        change_said(now, attendance(sums), what)
        for counted, what in spans
        if (sums := summed(counted, counted)) is not None
    ]
    return f"That is {' and '.join(said)}." if said else "There are no earlier marks to compare it with."


def _beside(material: Material) -> str:
    rows, sums = benchmark_rows(material), summed(own(material), own(material))
    mine = absence(sums) if sums else None
    if not rows or mine is None:
        return ""
    parts = [f"{row.area} {shown(Fraction(row.values['absence']))}%" for row in rows]
    years = f"{rows[-1].first.year}/{rows[-1].last:%y}"
    return (
        f"Absence this year to date of pupils aged 5 to 15: {shown(mine)}%. Published for {years}: {', '.join(parts)}."
    )


def _goals(goals: PackTable | None) -> str:
    if goals is None or not goals.rows:
        return ""
    reached = sum(row[3] == "yes" for row in goals.rows)
    if len(goals.rows) == 1:
        return f"The governors' goal is {'reached' if reached else 'not reached'} so far."
    return f"Of the governors' {len(goals.rows)} goals, {reached} {'is' if reached == 1 else 'are'} reached so far."
