"""Self-certified illness and barriers: how often, how short, how near to a weekend or holiday, in every group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from mbls_sync.delivery.analysis.groupings import said
from mbls_sync.delivery.analysis.material import WHOLE, Material
from mbls_sync.delivery.analysis.shielding import NOT_SHOWN, Shield
from mbls_sync.figures.patterns import illness_pattern
from mbls_sync.figures.percentages import rounded, share, shown
from mbls_sync.figures.runs import Run
from mbls_sync.figures.spells import illness_spells
from mbls_sync.model.marks import PupilId
from mbls_sync.model.packs import PackTable
from mbls_sync.model.papers import Cell

COLUMNS = (
    "Group",
    "Pupils",
    "Pupils with such a spell",
    "Spells",
    "Sessions",
    "Spells of a day or less",
    "Beside a weekend or holiday",
    "Spells per 100 pupils",
)
BARRIERS = ("Barrier", "Pupils")

Spells = Mapping[PupilId, tuple[Run, ...]]


def self_certified(material: Material) -> Spells:
    """Each pupil's spells of illness in the span of which nobody recorded that medical evidence was seen."""
    pupils = [material.pupils[id] for id in sorted(material.members)]
    spells = illness_spells(pupils, material.registers, material.span.first, material.ends)
    kind, zone = material.policy.text("analysis.evidence_event"), material.desk.calendar.zone
    seen = {(e.pupil, e.at.astimezone(zone).date()) for e in material.desk.events if e.kind == kind}

    def has_evidence(id: PupilId, spell: Run) -> bool:
        return any(pupil == id and spell.first.day <= day <= spell.last.day for pupil, day in seen)

    kept = {id: tuple(spell for spell in mine if not has_evidence(id, spell)) for id, mine in spells.items()}
    return {id: mine for id, mine in kept.items() if mine}


def illness_table(material: Material, shield: Shield) -> PackTable:
    """The pattern of self-certified illness of the whole school and of every group that may be shown."""
    spells = self_certified(material)
    shows = shield.counts_shown(frozenset(spells))
    rows = [_row(WHOLE, material.members, spells, material, shield.shows_all(len(spells)))]
    for grouping in material.groupings:
        for name, members in grouping.groups.items():
            if members and shield.shows(grouping.heading, name):
                rows.append(_row(said(name), members, spells, material, (grouping.heading, name) in shows))
    return PackTable(
        heading="Self-certified illness",
        columns=COLUMNS,
        rows=tuple(rows),
        sheet="Illness",
        printed=(),
        intro="Spells of code I for which nobody recorded medical evidence. Illness of a disabled pupil may be part of "
        "their disability: look before anything is asked of home.",
    )


def illness_said(material: Material) -> str:
    """The whole school's pattern in a sentence."""
    spells = self_certified(material)
    every = [spell for mine in spells.values() for spell in mine]
    if not every or len(spells) < material.at_least:
        return ""
    pattern = illness_pattern(every, material.desk.calendar)
    return (
        f"{len(spells)} pupils had {pattern.spells} spells of illness without medical evidence; {pattern.short} of "
        f"them lasted a day or less, and {pattern.beside_a_break} lay beside a weekend or holiday "
        f"({shown(share(pattern.beside_a_break, pattern.spells))}%)."
    )


def barrier_table(material: Material) -> PackTable | None:
    """Barriers to attendance that staff recorded in the span, by how many pupils they hold back."""
    kinds = material.policy.text("analysis.barrier_events").split()
    known = {
        (e.outcome or "not said", e.pupil) for e in material.events if e.kind in kinds and e.pupil in material.members
    }
    counts = Counter(barrier for barrier, _ in known)
    if not counts:
        return None
    few = material.at_least
    shown_rows: list[tuple[Cell, ...]] = [(barrier, count) for barrier, count in counts.most_common() if count >= few]
    others = sum(1 for count in counts.values() if count < few)
    if others:
        shown_rows.append((f"other barriers ({others})", NOT_SHOWN))
    return PackTable("Barriers to attendance", BARRIERS, tuple(sorted(shown_rows, key=str)), sheet="Barriers")


def _row(
    name: str, members: frozenset[PupilId], spells: Spells, material: Material, may_be_shown: bool
) -> tuple[Cell, ...]:
    if not may_be_shown:
        return (name, len(members), *(NOT_SHOWN,) * 6)
    mine = [spell for id in sorted(members) for spell in spells.get(id, ())]
    pattern = illness_pattern(mine, material.desk.calendar)
    with_spell = sum(id in spells for id in members)
    per_hundred = rounded(share(pattern.spells, len(members)))
    return (
        name, len(members), with_spell, pattern.spells, pattern.sessions, pattern.short, pattern.beside_a_break,
        per_hundred,
    )  # fmt: skip
