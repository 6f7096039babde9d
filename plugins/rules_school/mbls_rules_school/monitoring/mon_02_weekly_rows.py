"""Each week that is over stands in the weekly sheet: one row a class and one for the school, ready for analysis.

Attendance policy 2023, Roles and responsibilities (office staff). The rows of the last weeks follow corrected marks.
"""

from collections.abc import Iterable

from mbls_rules_school.ended import ended_weeks
from mbls_rules_school.summing import by_class, sum_cells
from mbls_sync.api import AddToSheet, Figures, Moment, PolicyAt, Proposal, SchoolCalendar, rule


@rule(id="MON-02", cites="Roles and responsibilities", title="the week's rows, ready for analysis")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    for monday, last in ended_weeks(moment, calendar, policy.count("monitoring.sheet_weeks")):
        counted = figures.over(monday, last)
        classes = by_class(counted, figures)
        if not classes:
            continue
        for name, some in {"whole school": [*counted.values()], **classes}.items():
            cells = (("Week of", monday.isoformat()), ("Class", name), *sum_cells(some))
            title = f"Week of {monday.day} {monday:%B %Y}, {name}"
            yield AddToSheet("weekly", f"{monday.isoformat()} {name}", title, "row", cells)
