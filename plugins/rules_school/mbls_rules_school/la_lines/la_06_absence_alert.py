"""On the fifteenth school day of an unbroken absence, authorised or not, the LA's absence alert is due.

Attendance policy 2023, SEND- and health-related absences; the day is the LA's own, and an LA that wants no alert has
none. Once an episode. Only pupils of compulsory school age.
"""

from collections.abc import Iterable

from mbls_rules_school.episodes import long_absences
from mbls_rules_school.told import said_by_hand, was_told
from mbls_sync.api import History, IncludeInReturn, PolicyAt, Proposal, Pupil, rule

NAME = "absence-alert"


@rule(
    id="LA-06", cites="SEND- and health-related absences", title="away without a break for long: the LA's absence alert"
)
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt) -> Iterable[Proposal]:
    if not pupil.is_compulsory_school_age(history.until.day):
        return
    for episode in long_absences(history, policy):
        by_hand = said_by_hand(history, "absence-alert-sent", episode.first)
        if by_hand or was_told(history, NAME, episode.first, episode.last):
            continue
        yield IncludeInReturn(
            name=NAME,
            pupil=pupil.id,
            period=episode.known.isoformat(),
            due=episode.known,
            cause=episode.why,
            first=episode.first,
            last=episode.last,
            occasion=episode.name,
        )
