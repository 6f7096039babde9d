"""Leave that was agreed beforehand is entered for its exact sessions, each from its register on.

Attendance policy 2023, Leave of absence. Only a missing mark or N is replaced; the code is that of the session's own
date (the dated table of codes). A licence that names the day needs no further authorisation (PER-02).
"""

from collections.abc import Iterable

from mbls_rules_school.absences import is_away
from mbls_rules_school.entering import entry_for
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, PolicyAt, Proposal, PupilSession, RequestKind, SetCode, rule


@rule(id="LOA-09", cites="Leave of absence", title="leave was agreed beforehand: its code, for its exact sessions")
def judge_session(pupil_session: PupilSession, history: History, policy: PolicyAt) -> Iterable[Proposal]:
    entry = entry_for(pupil_session.session, history, policy)
    if entry is None or entry.kind is RequestKind.APPOINTMENT or not entry.is_complete:
        return
    if is_away(pupil_session, history, policy):
        asked = f"asked for from {said_day(entry.request.first)} to {said_day(entry.request.last)}"
        yield SetCode(subject=pupil_session, code=entry.code, reason=f"{entry.says} ({asked})")
