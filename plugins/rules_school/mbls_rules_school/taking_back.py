"""What the LA was told of a pupil and is no longer so, and what was taken back and is so after all: offers for both."""

from collections.abc import Iterator
from datetime import date

from mbls_rules_school.episodes import Episode, illnesses, long_absences, unauthorised, was_expected
from mbls_rules_school.times import day_ends
from mbls_rules_school.told import Told, taken_back, told, was_told
from mbls_rules_school.wording import attendance_facts, said_day
from mbls_sync.api import AcademicYear, History, PolicyAt, RaiseTask, Rank, SchoolCalendar

ABOUT_MARKS = ("attendance", "sickness", "absence-alert")
ABOUT_THE_ROLL = ("new-pupil", "deletion")


def offers(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterator[RaiseTask]:
    """A task for each line told this academic year that no longer holds, by the marks and the roll as they are now.

    One that was taken back and holds after all is no line again by itself: a person took it back.
    """
    for name in (*ABOUT_MARKS, *ABOUT_THE_ROLL):
        for line in told(history, name):
            if _is_looked_at(line, history) and not _holds(line, history, policy, calendar):
                yield _offer(line, history, policy, calendar)
        for line in taken_back(history, name):
            again = was_told(history, name, line.first, line.last)
            if _is_looked_at(line, history) and not again and _holds(line, history, policy, calendar):
                yield _so_after_all(line, history, policy, calendar)


def _is_looked_at(line: Told, history: History) -> bool:
    """Lines of this academic year; one who was told to have left in July may be here in September all the same."""
    told_in = AcademicYear.of(line.last)
    return told_in == history.year or (line.name == "deletion" and told_in.start == history.year.start - 1)


def _holds(line: Told, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> bool:
    """Whether what was told is still so. It is judged as of the end of what was told."""
    match line.name:
        case "new-pupil":
            return history.pupil.admitted == line.first or _has_left_since(line, history)
        case "deletion":
            return history.pupil.left == line.first or _entered_after(line, history)
        case "sickness":
            found = illnesses(history, policy, calendar)
            # Told because so long an illness was expected, it was right to tell although the pupil was back sooner.
            return _meet(line, found) or was_expected(history, policy, calendar, line.first, line.last)
        case "absence-alert":
            return _meet(line, long_absences(history, policy))
        case _:
            return _meet(line, unauthorised(history, policy, calendar, line.first, line.last))


def _entered_after(line: Told, history: History) -> bool:
    """Whether the pupil was entered once more after that day: what was told of the time before was right then."""
    return history.pupil.admitted is not None and history.pupil.admitted > line.first


def _has_left_since(line: Told, history: History) -> bool:
    return any(line.first <= gone.first and _entered_after(gone, history) for gone in told(history, "deletion"))


def _meet(line: Told, episodes: Iterator[Episode]) -> bool:
    return any(episode.first <= line.last and line.first <= episode.last for episode in episodes)


def _offer(line: Told, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> RaiseTask:
    what = "the roll was changed" if line.name in ABOUT_THE_ROLL else "the marks were amended"
    return RaiseTask(
        kind="retract-return-line",
        title=f"Offer the LA to take a line back: {line.name} {line.period}",
        why=f"Told to the LA on {said_day(line.on)} ({_said(line.first)} to {_said(line.last)}); {what} since, and it "
        f"no longer holds.",
        due=day_ends(calendar.school_day_after(history.until.day, 1), calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        pupil=history.pupil.id,
        occasion=f"{line.name} {line.period}",
        steps=(
            f"mbls-sync returns retract {line.name} {history.pupil.id} --period '{line.period}' --reason TEXT",
            "Send the file that takes the place of the first, and say why.",
        ),
        facts=attendance_facts(history),
    )


def _so_after_all(line: Told, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> RaiseTask:
    return RaiseTask(
        kind="tell-la-again",
        title=f"Tell the LA again what was taken back: {line.name} {line.period}",
        why=f"Taken back on {said_day(line.on)} ({_said(line.first)} to {_said(line.last)}); by the registers as they "
        f"are now it is so.",
        due=day_ends(calendar.school_day_after(history.until.day, 1), calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        pupil=history.pupil.id,
        occasion=f"{line.name} {line.period}",
        steps=(
            "If the registers are wrong, amend them in the MIS.",
            "If they are right, write to the LA that the line stands after all: no further file names the pupil.",
        ),
        done_as="la-told-again",
        facts=attendance_facts(history),
    )


def _said(day: date) -> str:
    return f"{day:%d/%m/%Y}"
