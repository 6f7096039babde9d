"""What a template of a letter may name: the school, the pupil, the days missed, the path back, and the rule's facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.files import safe_name
from mbls_sync.delivery.path_back import lines_of
from mbls_sync.delivery.spells import days_away, days_late
from mbls_sync.errors import PaperRefused
from mbls_sync.figures.history import History
from mbls_sync.figures.percentages import attendance, in_days, shown
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import Facts
from mbls_sync.model.pupils import Pupil

Values = dict[str, Any]


def letter_values(pupils: Sequence[PupilId], facts: Sequence[Facts], desk: Desk) -> Values:
    """The values of a letter about these pupils, each with the facts of their own draft; about the school where none.

    A fact labelled `Days missed` is `days_missed`, and wins over a value of the same name. `children` holds the
    values of each pupil of a letter for a family; the first one's stand beside it.
    """
    values = _of_school(desk)
    if pupils:
        children = [_of_pupil(id, desk) | _named(given) for id, given in zip(pupils, facts, strict=True)]
        names = [child["forename"] for child in children]
        values |= children[0] | {"children": children, "forenames": listed(names)}
    else:
        values |= _named(facts[0])
    return {name: _on_one_line(value) for name, value in values.items()}


def listed(words: Sequence[str]) -> str:
    """`Amber`, `Amber and Kit`, `Amber, Kit and Lou`."""
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


def path_home(history: History, name: str, desk: Desk) -> str:
    """The path back, said to a parent: what this year can still become. Empty where the year is over."""
    lines = lines_of(desk.policy())
    path = history.path_back(lines)
    if not path.left or path.best is None:
        return ""
    says = (
        f"If {name} is here every day from now on, attendance can be {shown(path.best)}% by the end of the school year."
    )
    within = [(line[0], count) for line, count in path.may_miss if count is not None]
    if not within:
        return f"It is never too late: {says[0].lower()}{says[1:]}"
    percent, count = within[0]
    more = f"at most {in_days(count)} more can be missed" if count else "every day counts from now on"
    return f"{says} To end at {percent}%, {more}."


def _named(facts: Facts) -> Values:
    return {safe_name(label).replace("-", "_"): text for label, text in facts}


def _of_school(desk: Desk) -> Values:
    school = desk.school
    return {
        "school": school.name,
        "telephone": school.telephone,
        "email": school.email,
        "head": school.head,
        "attendance_officer": school.attendance_officer or "The attendance officer",
        "today": desk.now.date(),
    }


def _of_pupil(id: PupilId, desk: Desk) -> Values:
    history, pupil = desk.histories.get(id), desk.pupils.get(id)
    if history is None or pupil is None:
        raise PaperRefused(
            "a letter is drafted about a pupil who is no longer on the roll, so it was not written; "
            "mark its task as not needed"
        )
    figures, forename = history.figures, pupil.preferred_forename or pupil.forename or pupil.name
    return {
        "forename": forename,
        "surname": pupil.surname,
        "class_name": pupil.class_name,
        "year_group": pupil.year_group,
        "parents": _parents(pupil),
        "sessions_missed": figures.absent,
        "days_missed": in_days(figures.absent),
        "days_authorised": in_days(figures.authorised),
        "days_unauthorised": in_days(figures.unauthorised),
        "attendance_percent": f"{shown(attendance(figures))}%",
        "sessions_possible": figures.possible,
        "times_late": figures.late_before_close + figures.late_after_close,
        "days_away": days_away(history, desk),
        "days_late": days_late(history, desk),
        "path_back": path_home(history, forename, desk),
    }


def _parents(pupil: Pupil) -> str:
    adults = [contact.name for contact in pupil.contacts if contact.parental_responsibility is not False]
    return " and ".join(adults[:2]) or "Parent or carer"


def _on_one_line(value: Any) -> Any:
    """The values with every text on one line: a name of two lines would turn the rest of it into the letter's text."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, Mapping):
        return {name: _on_one_line(item) for name, item in value.items()}
    return tuple(_on_one_line(item) for item in value) if isinstance(value, list | tuple) else value
