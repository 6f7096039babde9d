"""From the close of the morning register the office holds a list, by class, of who is on the site.

Attendance policy 2023, Roles and responsibilities (office staff). Every arrival and departure after it changes
the list.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.arriving import is_on_site
from mbls_sync.api import (
    AddToSheet,
    Figures,
    History,
    Moment,
    Period,
    PolicyAt,
    Proposal,
    SchoolCalendar,
    Session,
    rule,
)


@rule(id="REG-15", cites="Roles and responsibilities", title="who is on the site, by class, from the close")
def judge_school(
    moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    opens = Session(moment.day, Period.AM).at(policy.time_of_day("registers.am_closes"), calendar.zone)
    if not moment.is_school_day or now < opens:
        return
    classes: dict[str, list[History]] = {}
    for history in figures.histories.values():
        classes.setdefault(history.pupil.class_name, []).append(history)
    for name in sorted(classes):
        yield _block(name, classes[name], moment, policy)


def _block(name: str, histories: list[History], moment: Moment, policy: PolicyAt) -> AddToSheet:
    here: list[tuple[str, str]] = []
    for history in histories:
        sessions = tuple(s for s in history.calendar.sessions_on(moment.day) if s <= history.until)
        known = is_on_site(history, sessions, policy)
        if known is not None:
            here.append((history.pupil.name, known))
    title = f"{name}: {len(here)} of {len(histories)} on site, {moment.day:%d %B %Y}"
    return AddToSheet(sheet="fire-list", key=name, title=title, layout="block", cells=tuple(sorted(here)))
