"""The LA is told of a pupil who is, or is likely to be, away for long through illness: the sickness return.

Attendance policy 2023, SEND- and health-related absences: for more than 15 school days. The law, from 19 August
2024: for 15 days, one after another or in all, where the school reasonably believes that the pupil will miss or has
missed them. One return for each continuous illness. Only pupils of compulsory school age.
"""

from collections.abc import Iterable

from mbls_rules_school.episodes import FIT_NOTE, Episode, illnesses
from mbls_rules_school.times import day_ends
from mbls_rules_school.told import said_by_hand, was_told
from mbls_rules_school.wording import attendance_facts
from mbls_sync.api import (
    Facts,
    History,
    IncludeInReturn,
    PolicyAt,
    Proposal,
    Pupil,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
)

NAME = "sickness"


@rule(id="HLT-01", cites="SEND- and health-related absences", title="long illness, had or expected: tell the LA")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    if not pupil.is_compulsory_school_age(history.until.day):
        return
    for episode in illnesses(history, policy, calendar):
        by_hand = said_by_hand(history, "la-told-illness", episode.first)
        if by_hand or was_told(history, NAME, episode.first, episode.last):
            continue
        due = calendar.school_day_after(episode.known, policy.days("sickness.return_within"))
        yield IncludeInReturn(
            name=NAME,
            pupil=pupil.id,
            period=due.isoformat(),
            due=due,
            cause=episode.why,
            facts=_facts(episode, history, calendar),
            first=episode.first,
            last=episode.last,
            occasion=episode.name,
        )
        yield RaiseTask(
            kind="tell-la-illness",
            title="Tell the LA of a long illness",
            why=episode.why,
            due=day_ends(due, calendar, policy),
            role=policy.text("roles.attendance_officer"),
            rank=Rank.CLOCK,
            pupil=pupil.id,
            occasion=episode.name,
            steps=(
                "mbls-sync returns lint sickness, and mend what it finds.",
                "Send the sickness return as the LA takes it.",
                "Ask the Medical Education Team what it can offer.",
            ),
            done_as="la-told-illness",
            facts=attendance_facts(history),
        )


def _facts(episode: Episode, history: History, calendar: SchoolCalendar) -> Facts:
    notes = [event for event in history.events_of(FIT_NOTE) if event.outcome]
    said = [message.reason for message in history.messages if message.reason]
    back = calendar.school_day_after(episode.expected_back, 0).isoformat() if episode.expected_back else ""
    return (
        ("Expected back", back),
        ("Medical evidence", f"fit note until {notes[-1].outcome}" if notes else "none held"),
        ("Reason given", said[-1] if said else ""),
    )
