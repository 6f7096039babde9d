"""Why sessions were missed: absence by code."""

from __future__ import annotations

from decimal import Decimal

from mbls_sync.delivery.analysis.groupings import said
from mbls_sync.delivery.analysis.material import Material, summed
from mbls_sync.delivery.analysis.scales import ceiling
from mbls_sync.figures.percentages import rounded, share, shown
from mbls_sync.figures.reasons import by_code, few_together
from mbls_sync.model.codes import Meaning
from mbls_sync.model.packs import Bar, BarPlot, PackTable

COLUMNS = ("Code", "Reason", "Counts as", "Sessions", "% of possible", "% of absence")
MOST = 8
"""Bars of the plot; the table has every code."""


def reason_table(material: Material) -> PackTable:
    """Every code of absence in the span, the most frequent first; outside the school those of few pupils together."""
    rows = tuple(
        (code, title, meaning, sessions, rounded(share(sessions, possible), 2), rounded(share(sessions, absent)))
        for code, title, meaning, sessions, possible, absent in _reasons(material)
    )
    return PackTable("Reasons for absence", COLUMNS, rows, sheet="Reasons", printed=())


def reason_plot(material: Material) -> BarPlot | None:
    """The most frequent reasons as shares of possible sessions."""
    found = _reasons(material)
    if not found:
        return None
    shares = [(f"{said(title)} ({code})", share(n, possible)) for code, title, _, n, possible, _ in found[:MOST]]
    bars = tuple(Bar(label, rounded(value, 2), f"{shown(value, 2)}%") for label, value in shares)
    first = found[0]
    unauthorised = sum(n for _, _, meaning, n, _, _ in found if meaning.startswith("unauth"))
    absent = first[5]
    return BarPlot(
        heading="Reasons for absence",
        bars=bars,
        low=Decimal(0),
        high=ceiling(max(bar.value or 0 for bar in bars)),
        says=f"{said(first[1])} ({first[0]}) made up {shown(share(first[3], absent))}% of all absence. "
        f"{shown(share(unauthorised, absent))}% of absence was unauthorised.",
        description="Share of possible sessions missed for each reason: "
        + "; ".join(f"{bar.label} {bar.text}" for bar in bars)
        + ".",
    )


def _reasons(material: Material) -> list[tuple[str, str, str, int, int, int]]:
    """Code, title, meaning, sessions, all possible sessions and all absence, the most frequent first."""
    pupils = tuple(material.pupils.values())
    counts = by_code(pupils, material.registers, material.span.first, material.ends)
    sums = summed(material.over, material.members)
    if sums is None:
        return []
    found: list[tuple[str, str, str, int, int, int]] = []
    for meaning in (Meaning.AUTHORISED, Meaning.UNAUTHORISED):
        mine = {code: count for (code, of), count in counts.items() if of is meaning}
        together = few_together(mine, material.at_least)
        for code, count in mine.items():
            if code not in together:
                title = material.desk.codes.title(code, material.until)
                found.append((code, title, meaning.value, count.sessions, sums.possible, sums.absent))
        if together:
            sessions = sum(mine[code].sessions for code in together)
            found.append(("other", f"other {meaning.value}", meaning.value, sessions, sums.possible, sums.absent))
    return sorted(found, key=lambda row: (-row[3], row[0]))
