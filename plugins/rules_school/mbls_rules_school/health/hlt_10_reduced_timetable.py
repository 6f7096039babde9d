"""Marks of a part-time timetable stand on an agreed plan that the LA was told of, or they are an exception.

Attendance policy 2023, SEND- and health-related absences; Central Bedfordshire asks for a referral of every pupil
who is not in full-time education. The plan is looked at again after the weeks it was agreed for.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.clocks import day_of, has_come, weeks_after
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said, said_day
from mbls_sync.api import Event, Facts, History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

AGREED, REFERRED, REVIEWED, ENDED = (
    "reduced-timetable-agreed",
    "reduced-timetable-referred",
    "reduced-timetable-reviewed",
    "reduced-timetable-ended",
)


@rule(id="HLT-10", cites="SEND- and health-related absences", title="a part-time timetable has its plan and referral")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    if not policy.is_in_force("reduced_timetable.codes"):
        return
    runs = history.runs(*policy.text("reduced_timetable.codes").split())
    plan = _live(history)
    ended = history.last_event(ENDED)
    since = [run for run in runs if plan or ended is None or run.last.day > day_of(ended, calendar)]
    if plan is None and since:
        why = f"{sum(run.sessions for run in since)} sessions are coded so, from {said(since[0].first)}"
        yield _task(
            pupil,
            history,
            policy,
            "no-timetable-plan",
            f"{why}, and no plan is on record.",
            AGREED,
            _after(ended, calendar),
        )
    if plan is None:
        return
    agreed = said_day(day_of(plan, calendar))
    if not history.events_of(REFERRED, since=plan.at):
        why = f"The plan of {agreed} is not on record as told to the LA."
        # Of each plan: the LA is told of a second one in the same year too.
        yield _task(pupil, history, policy, "timetable-not-referred", why, REFERRED, day_of(plan, calendar).isoformat())
    last = history.events_of(AGREED, REVIEWED, since=plan.at)[-1]
    review = weeks_after(last, policy.count("reduced_timetable.review_weeks"), calendar, policy)
    if has_come(review, now, calendar):
        why = f"The plan of {agreed} was last looked at on {said_day(day_of(last, calendar))}."
        yield _task(pupil, history, policy, "review-timetable", why, REVIEWED, day_of(last, calendar).isoformat())


def _after(ended: Event | None, calendar: SchoolCalendar) -> str:
    """What tells a timetable that is lived again without a plan from the one that had ended."""
    return "" if ended is None else f"after {day_of(ended, calendar).isoformat()}"


def _live(history: History) -> Event | None:
    """The plan that holds: agreed, and not ended since."""
    plans = history.events_of(AGREED, ENDED)
    return plans[-1] if plans and plans[-1].kind == AGREED else None


def _task(
    pupil: Pupil, history: History, policy: PolicyAt, kind: str, why: str, done_as: str, occasion: str = ""
) -> RaiseTask:
    title, *steps = _WORDS[kind]
    facts: Facts = (("Sessions left this year", str(history.sessions_left())),)
    return RaiseTask(
        kind=kind,
        title=title,
        why=why,
        due=day_ends(history.until.day, history.calendar, policy),
        role=policy.text("roles.senco"),
        rank=Rank.NOT_CODED if kind == "no-timetable-plan" else Rank.CLOCK,
        pupil=pupil.id,
        occasion=occasion or str(history.year),
        steps=tuple(steps),
        done_as=done_as,
        facts=facts,
    )


_WORDS = {
    "no-timetable-plan": (
        "Find the plan behind a part-time timetable, or correct the marks",
        "Where home agreed to a part-time timetable, record it and the weeks it is for.",
        "Where nobody agreed, the marks are wrong: correct them in the MIS.",
    ),
    "timetable-not-referred": (
        "Tell the LA of the part-time timetable",
        "Send the referral with home's consent, the hours and the day of the review.",
    ),
    "review-timetable": (
        "Review the part-time timetable with home",
        "Ask what has changed, and lengthen the days where it can be done.",
        f"Where it has ended, record that instead: mbls-sync events record {ENDED} --upn UPN.",
    ),
}
