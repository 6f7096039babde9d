"""Each month the attendance of all pupils is looked at: how many stand where, and who has slipped.

Attendance policy 2023, Attendance intervention. It is about the month that is over, beside the one before it.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from mbls_rules_school.bands import ORDER, band_of
from mbls_rules_school.ended import ended_month, review_due
from mbls_sync.api import (
    Figures,
    Moment,
    PolicyAt,
    Proposal,
    PupilFigures,
    PupilId,
    RaiseTask,
    Rank,
    SchoolCalendar,
    attendance,
    rule,
    shown,
)

REVIEWED = "all-pupils-reviewed"


@rule(id="MON-05", cites="Attendance intervention", title="all pupils: the monthly review")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    month = ended_month(moment, calendar)
    if month is None or "all pupils" not in policy.text("monitoring.reviews"):
        return
    now = figures.over(moment.year.first, month.due)
    before = figures.over(moment.year.first, month.first - timedelta(days=1))
    standing = {id: band_of(now[id], policy) for id in figures.histories if id in now and now[id].possible}
    if not standing:
        return
    worse = [id for id in standing if _has_slipped(id, standing, before, policy)]
    yield RaiseTask(
        kind="review-all-pupils",
        title=f"Review the attendance of all pupils for {month.first:%B}",
        why=f"{len(worse)} of {len(standing)} pupils stand worse this year than a month before.",
        due=review_due(month, policy, calendar),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        occasion=month.period,
        done_as=REVIEWED,
        steps=("Decide for each pupil below what is done, or that it is watched.",),
        facts=(
            *((f"Pupils {band}", str(list(standing.values()).count(band))) for band in ORDER),
            *sorted((figures.histories[id].pupil.name, _said(now[id], standing[id])) for id in worse),
        ),
    )


def _has_slipped(
    id: PupilId, standing: Mapping[PupilId, str], before: Mapping[PupilId, PupilFigures], policy: PolicyAt
) -> bool:
    """Whether the pupil is in a lower band than a month before, when there were enough sessions to say so."""
    then = before.get(id)
    if then is None or then.possible < policy.count("stage.min_possible"):
        return False
    return ORDER.index(standing[id]) > ORDER.index(band_of(then, policy))


def _said(figures: PupilFigures, band: str) -> str:
    return f"{shown(attendance(figures))}%, {band}"
