"""What a request is about: as it says itself, else by the words of its purpose that the school's dated table lists."""

from __future__ import annotations

from mbls_sync.model.happenings import LeaveRequest, RequestKind
from mbls_sync.policy.view import PolicyAt
from mbls_sync.policy.words import says

WORDS = "leave.kind_words"


def kind_told(request: LeaveRequest, policy: PolicyAt) -> RequestKind | None:
    """The kind the request names; else that of the first line of the table whose words stand in its purpose.

    None where neither tells: what a request is then taken for is the caller's to say, and to show.
    """
    if request.kind is not None:
        return request.kind
    table = policy.table(WORDS)
    return next((RequestKind(kind) for words, kind in table.items() if says(request.purpose, words)), None)
