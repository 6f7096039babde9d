"""Each week the celebration assembly gets a sheet of the classes' attendance; ties share a place.

Attendance policy 2023, Attendance intervention. No pupil is named, and a class that is too small to hide one
pupil's figure stands without it.
"""

from collections.abc import Iterable

from mbls_rules_school.classes import attendance_of_classes, places
from mbls_sync.api import AddToSheet, Figures, Moment, PolicyAt, Proposal, monday, rule


@rule(id="RWD-01", cites="Attendance intervention", title="week's end: the classes' attendance for the assembly")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt) -> Iterable[Proposal]:
    last = moment.last_school_day
    if last is None or not moment.week_ends:
        return
    week = monday(last)
    ranked = places(attendance_of_classes(figures, week, last, policy))
    if not ranked:
        return
    yield AddToSheet(
        sheet="celebration-assembly",
        key=week.isoformat(),
        title=f"Week of {week:%A} {week.day} {week:%B %Y}",
        layout="block",
        cells=tuple((place, ", ".join(f"{name} {share}" for name, share in shared)) for place, shared in ranked),
    )
