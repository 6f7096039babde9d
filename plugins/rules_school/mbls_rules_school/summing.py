"""Sums of pupils' figures, as the school's sheets show them."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from mbls_rules_school.wording import per_cent
from mbls_sync.api import Facts, Figures, Pupil, PupilFigures, PupilId


def sum_cells(some: Iterable[PupilFigures]) -> Facts:
    """Attendance and the sums of every kind of session: possible = attended + authorised + unauthorised."""
    pupils = tuple(some)
    possible, attended = sum(f.possible for f in pupils), sum(f.attended for f in pupils)
    sums = {
        "Possible sessions": possible,
        "Attended": attended,
        "Authorised absence": sum(f.authorised for f in pupils),
        "Unauthorised absence": sum(f.unauthorised for f in pupils),
        "No mark": sum(f.unmarked for f in pupils),
        "Late before close": sum(f.late_before_close for f in pupils),
        "Late after close": sum(f.late_after_close for f in pupils),
    }
    return (("Attendance", per_cent(attended, possible)), *((label, str(number)) for label, number in sums.items()))


def class_of(pupil: Pupil) -> str:
    """The pupil's class, or words for none."""
    return pupil.class_name or "class not recorded"


def by_class(counted: Mapping[PupilId, PupilFigures], figures: Figures) -> Mapping[str, list[PupilFigures]]:
    """The figures with a possible session by the pupils' class, classes in order."""
    found: dict[str, list[PupilFigures]] = {}
    for pupil in figures.pupils:
        if pupil.id in counted and counted[pupil.id].possible:
            found.setdefault(class_of(pupil), []).append(counted[pupil.id])
    return {name: found[name] for name in sorted(found)}


def share_of(some: Iterable[PupilFigures]) -> Fraction | None:
    """The exact attendance percentage of some pupils together; None where nothing was possible."""
    pupils = tuple(some)
    possible = sum(f.possible for f in pupils)
    return Fraction(100 * sum(f.attended for f in pupils), possible) if possible else None
