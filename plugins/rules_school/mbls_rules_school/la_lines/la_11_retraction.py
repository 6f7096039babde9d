"""A line that was sent to the LA and no longer holds, since marks were amended, is offered to be taken back.

School Attendance (Pupil Registration) (England) Regulations 2024, regulation 13: what the LA holds of a pupil is what
the register says. It is judged as of the end of what was told, by the marks as they are now.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from mbls_rules_school.episodes import Episode, illnesses, long_absences, unauthorised
from mbls_rules_school.times import day_ends
from mbls_rules_school.told import Told, told
from mbls_rules_school.wording import attendance_facts, said_day
from mbls_sync.api import AcademicYear, History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

REGULATIONS = "School Attendance (Pupil Registration) (England) Regulations 2024"
NAMES = ("attendance", "sickness", "absence-alert")


@rule(id="LA-11", cites=REGULATIONS, title="told to the LA and no longer so: offer to take it back")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    sent = [line for name in NAMES for line in told(history, name) if AcademicYear.of(line.last) == history.year]
    for line in sent:
        if any(_meets(line, episode) for episode in _now(line, history, policy, calendar)):
            continue
        yield RaiseTask(
            kind="retract-return-line",
            title=f"Offer the LA to take a line back: {line.name} {line.period}",
            why=f"Told to the LA on {said_day(line.on)} ({_span(line.first)} to {_span(line.last)}); the marks were "
            f"amended since, and it no longer holds.",
            due=day_ends(calendar.school_day_after(history.until.day, 1), calendar, policy),
            role=policy.text("roles.attendance_officer"),
            rank=Rank.CLOCK,
            pupil=pupil.id,
            occasion=f"{line.name} {line.period}",
            steps=(
                f"mbls-sync returns retract {line.name} {pupil.id} --period '{line.period}' --reason TEXT",
                "Send the file that takes the place of the first, and say why.",
            ),
            facts=attendance_facts(history),
        )


def _now(line: Told, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterator[Episode]:
    """What would be told of the pupil in that return today."""
    match line.name:
        case "sickness":
            return illnesses(history, policy, calendar)
        case "absence-alert":
            return long_absences(history, policy, calendar)
        case _:
            return unauthorised(history, policy, calendar, line.first, line.last)


def _meets(line: Told, episode: Episode) -> bool:
    return episode.first <= line.last and line.first <= episode.last


def _span(day: date) -> str:
    return f"{day:%d/%m/%Y}"
