"""The groups that a pack sets beside each other: those the policy names, each pupil in every one the MIS says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mbls_sync.figures.groups import characteristics_of
from mbls_sync.figures.measures import reaches
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.policy.view import PolicyAt

YEARS = ("N1", "N2", "R", "1", "2", "3", "4", "5", "6")
_YEAR_NAMES = {"N1": "Nursery (younger)", "N2": "Nursery (older)", "R": "Reception"}
UNKNOWN = "not recorded"
BANDS = "Attendance this year to date"
STAFF_ONLY = ("pupil premium", "education, health and care plan")
"""Nearly the same pupils as free school meals, and as one SEN status: published, one would force the other out."""

HEADINGS = {"SEN status": "Special educational needs", "ethnicity": "Ethnicity", "sex": "Girls and boys"}
WORDS = {
    "SEN status": {"E": "education, health and care plan", "K": "SEN support", "N": "no special educational needs"},
    "ethnicity": {
        "WBRI": "White British",
        "WIRI": "White Irish",
        "WIRT": "Traveller of Irish heritage",
        "WROM": "Gypsy or Roma",
        "WOTH": "any other White background",
        "MWBC": "White and Black Caribbean",
        "MWBA": "White and Black African",
        "MWAS": "White and Asian",
        "MOTH": "any other mixed background",
        "AIND": "Indian",
        "APKN": "Pakistani",
        "ABAN": "Bangladeshi",
        "AOTH": "any other Asian background",
        "BCRB": "Black Caribbean",
        "BAFR": "Black African",
        "BOTH": "any other Black background",
        "CHNE": "Chinese",
        "OOTH": "any other ethnic group",
        "REFU": "ethnicity not told",
        "NOBT": "ethnicity not yet obtained",
    },
    "sex": {"F": "girls", "M": "boys"},
}
"""What the codes of the school census say (DfE, Common Basic Data Set); any other code stands as it is."""

NEITHER = ("no special educational needs", "girls", "boys")
"""Groups that no support is aimed at."""

Members = Mapping[str, frozenset[PupilId]]


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to divide the school: its heading and its groups in the order they are shown.

    `divides` says that nobody is in two groups. `published` is False where the groups would tell who is who.
    """

    heading: str
    groups: Members
    divides: bool = True
    published: bool = True


def said(name: str) -> str:
    """A group's name as it begins a row: `Year 2`, `Free school meals`."""
    return name[:1].upper() + name[1:]


def year_groups(pupils: Iterable[Pupil]) -> Grouping:
    """By year group."""
    found = _by(pupils, lambda pupil: pupil.year_group)
    ordered = sorted(found, key=lambda year: (YEARS.index(year) if year in YEARS else len(YEARS), year))
    return Grouping("Year groups", {year_name(year): found[year] for year in ordered})


def year_name(year: str) -> str:
    """`Year 2`, `Reception`."""
    return _YEAR_NAMES.get(year, f"Year {year}" if year else f"year {UNKNOWN}")


def classes(pupils: Iterable[Pupil]) -> Grouping:
    """By class. A class is small enough to be known, so it is for the staff only."""
    found = _by(pupils, lambda pupil: pupil.class_name or f"class {UNKNOWN}")
    return Grouping("Classes", dict(sorted(found.items())), published=False)


def characteristics(pupils: Iterable[Pupil], flags: Iterable[str], day: date) -> tuple[Grouping, ...]:
    """By what the MIS says of pupils: needs, circumstances, language, ethnicity, and the school's own flags."""
    everybody = tuple(pupils)
    found: dict[str, set[PupilId]] = {}
    for pupil in everybody:
        for name in (*characteristics_of(pupil), *(f for f in flags if pupil.has_flag(f, day))):
            found.setdefault(name, set()).add(pupil.id)
    return tuple(_sorted_out({name: frozenset(found[name]) for name in sorted(found)}))


def bands(year: Mapping[PupilId, PupilFigures], policy: PolicyAt) -> Grouping:
    """By attendance in the year to date: on target, below it, at risk of persistent absence, persistent."""
    target, support = policy.percent("target.school"), policy.percent("stage.support_percent")
    names = (
        f"{target}% or more",
        f"below {target}% and above {support}%",
        f"at risk of persistent absence ({support}% or less)",
        "persistently absent",
    )

    def band(figures: PupilFigures) -> str:
        if figures.persistent:
            return names[3]
        if reaches(figures.absent, figures.possible, 100 - support):
            return names[2]
        at_target = 100 * figures.attended >= target * figures.possible
        return names[0] if at_target else names[1]

    found: dict[str, set[PupilId]] = {name: set() for name in names}
    for id, figures in year.items():
        if figures.possible:
            found[band(figures)].add(id)
    return Grouping(BANDS, {name: frozenset(ids) for name, ids in found.items()})


def _sorted_out(found: Members) -> Iterable[Grouping]:
    """Each name beside its `not`, then those that are worded (ethnicity …), then single flags."""
    yes = [name for name in found if f"not {name}" in found or not name.startswith("not ")]
    worded = [name for name in found if name.startswith(("ethnicity ", "SEN status ", "sex "))]
    for name in (name for name in yes if name not in worded and not name.startswith("not ")):
        pair = {n: found[n] for n in (name, f"not {name}") if n in found}
        yield Grouping(name[0].upper() + name[1:], pair, published=name not in STAFF_ONLY)
    for head, words in WORDS.items():
        codes = {name.removeprefix(f"{head} "): found[name] for name in worded if name.startswith(f"{head} ")}
        if codes:
            groups = {words.get(code, f"{head} {code}"): members for code, members in codes.items()}
            yield Grouping(HEADINGS[head], groups)


def _by(pupils: Iterable[Pupil], key: Callable[[Pupil], str]) -> dict[str, frozenset[PupilId]]:
    found: dict[str, set[PupilId]] = {}
    for pupil in pupils:
        found.setdefault(key(pupil), set()).add(pupil.id)
    return {name: frozenset(ids) for name, ids in found.items()}
