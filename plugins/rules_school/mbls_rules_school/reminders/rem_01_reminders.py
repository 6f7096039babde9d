"""What only a person can do is asked for on its own clock, until the event that records it, and again each time.

Attendance policy 2023, Roles and responsibilities. Each row of the table of reminders cites its own section.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from mbls_rules_school.occasions import (
    Happening,
    due_in,
    happenings,
    is_answered,
    is_near,
    midnight,
    own_since,
    span_of,
    whom,
)
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import (
    About,
    Card,
    Facts,
    Figures,
    Moment,
    PolicyAt,
    Proposal,
    PupilId,
    RaiseTask,
    Rank,
    Reminder,
    SchoolCalendar,
    monday,
    rule,
)


@rule(id="REM-01", cites="Roles and responsibilities", title="a duty that only a person can do")
def judge_reminder(
    reminder: str, moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    row = policy.reminder(reminder)
    if moment.last_school_day is None or (moment.go_live is not None and moment.day < moment.go_live):
        return
    if row.every:
        yield from _of_the_calendar(row, moment, figures, policy, calendar)
        return
    happened = happenings(row, moment, figures, policy)
    cards = _a_card_each if row.card is Card.EACH else _a_card_a_week
    yield from cards(row, happened, figures, policy, calendar)


def _of_the_calendar(
    row: Reminder, moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterator[RaiseTask]:
    last = moment.last_school_day
    span = span_of(row.every, last, calendar) if row.every and last else None
    if span is None or (moment.go_live is not None and span.due < moment.go_live):
        return
    due, since = due_in(span, row, calendar), midnight(span.first, calendar)
    if own_since(row, figures, since) or not is_near(row, due, moment.day, calendar):
        return
    if row.about is About.SCHOOL:
        yield _task(row, policy, span.period, due, calendar)
        return
    open_ones = [history for history in whom(row, figures, policy) if not history.events_of(row.done_as, since=since)]
    lines = tuple((f"{h.pupil.name}, {h.pupil.class_name}", attendance_said(h.figures)) for h in open_ones)
    if row.card is Card.ONE and lines:
        yield _task(row, policy, span.period, due, calendar, facts=lines)
    elif row.card is Card.EACH:
        for history, line in zip(open_ones, lines, strict=True):
            yield _task(row, policy, span.period, due, calendar, history.pupil.id, (("Attendance this year", line[1]),))


def _a_card_each(
    row: Reminder, happened: tuple[Happening, ...], figures: Figures, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterator[RaiseTask]:
    """A card for each pupil (and one for the school), under the first happening that is open, with a line for each."""
    by_pupil: dict[PupilId | None, list[Happening]] = {}
    for each in happened:
        if not is_answered(row, each, figures):
            by_pupil.setdefault(each.history.pupil.id if each.history else None, []).append(each)
    for pupil, theirs in by_pupil.items():
        facts = tuple(("Recorded", each.says) for each in theirs)
        due = _due_after(theirs[0], row, calendar)
        yield _task(row, policy, theirs[0].at.isoformat(), due, calendar, pupil, facts)


def _a_card_a_week(
    row: Reminder, happened: tuple[Happening, ...], figures: Figures, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterator[RaiseTask]:
    """One card for all that happened in a week. Its occasion counts them, so that what comes later is not lost."""
    weeks: dict[date, list[Happening]] = {}
    for each in happened:
        weeks.setdefault(monday(each.at.astimezone(calendar.zone).date()), []).append(each)
    for week, these in weeks.items():
        left = [each for each in these if not is_answered(row, each, figures)]
        if left:
            facts = tuple((_called(each), each.says) for each in left)
            occasion = f"{week.isoformat()} {len(these)}"
            yield _task(row, policy, occasion, _due_after(left[0], row, calendar), calendar, facts=facts)


def _due_after(happened: Happening, row: Reminder, calendar: SchoolCalendar) -> date:
    return calendar.school_day_after(happened.at.astimezone(calendar.zone).date(), row.due or 0)


def _called(happened: Happening) -> str:
    pupil = happened.history and happened.history.pupil
    return f"{pupil.name}, {pupil.class_name}" if pupil else "Recorded"


def _task(
    row: Reminder,
    policy: PolicyAt,
    occasion: str,
    due: date,
    calendar: SchoolCalendar,
    pupil: PupilId | None = None,
    facts: Facts = (),
) -> RaiseTask:
    return RaiseTask(
        kind=row.id,
        title=row.title,
        why=row.why,
        due=day_ends(due, calendar, policy),
        role=policy.text(f"roles.{row.role}"),
        rank=Rank[row.rank.upper()],
        pupil=pupil,
        occasion=occasion,
        steps=row.steps,
        done_as=row.done_as,
        outcomes=row.outcomes,
        facts=facts,
    )
