"""Marks written to Wonde: posted once, accepted under a reference, and their outcome asked for later."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mbls_adapter_wonde.codes import Codes
from mbls_adapter_wonde.options import Options
from mbls_adapter_wonde.walk import Wonde
from mbls_adapter_wonde.wire import document, inner, text_of
from mbls_sync.api import (
    Accepted,
    BadPayload,
    MarkWrite,
    NotSent,
    PupilId,
    PushResult,
    Refused,
    Rejected,
    Unknown,
    Unreachable,
)

LONGEST_SAYING = 200


@dataclass(frozen=True)
class Writing:
    """Writes marks for one school. `current` is the id by which each pupil is written to now."""

    wonde: Wonde
    options: Options
    codes: Codes
    current: Mapping[PupilId, str]

    def push(self, writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        """Each mark once; one result for each, in order. Raises Unreachable where nothing at all was sent."""
        answers: dict[int, PushResult] = {}
        sendable = []
        for place, write in enumerate(writes):
            why_not = self._why_not(write)
            if why_not:
                answers[place] = Refused(why_not)
            else:
                sendable.append(place)
        size = self.options.marks_per_call
        for low in range(0, len(sendable), size):
            places = sendable[low : low + size]
            try:
                answer = self._post([writes[place] for place in places])
            except Unreachable as error:
                if low == 0:
                    raise
                answers |= dict.fromkeys(sendable[low:], NotSent(error))
                break
            answers |= dict.fromkeys(places, answer)
        return [answers[place] for place in range(len(writes))]

    def outcomes(self, references: Sequence[str]) -> Mapping[str, Accepted | Refused]:
        """What became of each; one that Wonde is still at, or says in a word we do not know, is missing."""
        return {reference: found for reference, found in self._asked(set(references)) if found is not None}

    def _asked(self, references: set[str]) -> Iterator[tuple[str, Accepted | Refused | None]]:
        for reference in sorted(references):
            try:
                body = document(self.wonde.http.get(f"writebacks/{reference}"), "a write-back")
            except Rejected:
                continue  # Wonde does not know it, or not yet
            told = inner(body, "data") or body
            yield reference, self._outcome(reference, told)

    def _outcome(self, reference: str, told: Mapping[str, Any]) -> Accepted | Refused | None:
        status = text_of(told.get("status")).casefold()
        if status in self.options.done_statuses:
            return Accepted(reference)
        if status in self.options.failed_statuses:
            return Refused(_says(told) or f"Wonde says {status}, and not why")
        return None

    def _why_not(self, write: MarkWrite) -> str:
        if write.mark.code not in self.codes.id_of:
            return f"the school's list of codes at Wonde has no {write.mark.code} in use"
        return "" if write.mark.pupil in self.current else "Wonde lists no such pupil"

    def _post(self, writes: Sequence[MarkWrite]) -> PushResult:
        body = {"attendance": [self._record(write) for write in writes]}
        result, answer = self.wonde.send("attendance/session", body)
        match result:
            case Accepted():
                return _accepted(answer)
            case Refused(reason=reason):
                return Refused(": ".join(filter(None, (reason, _refusal(answer)))))
        return result if isinstance(result, Unknown) else Unknown("Wonde's answer says nothing of the write")

    def _record(self, write: MarkWrite) -> dict[str, Any]:
        mark = write.mark
        record: dict[str, Any] = {
            "date": mark.session.day.isoformat(),
            "session": mark.session.period.value,
            "student_id": self.current[mark.pupil],
            "attendance_code_id": self.codes.id_of[mark.code],
        }
        if self.options.comment:
            record["comment"] = self.options.comment
        if mark.detail is not None and mark.detail.minutes_late:
            record["minutes_late"] = mark.detail.minutes_late
        return record


def _accepted(answer: bytes) -> PushResult:
    try:
        told = document(answer, "a write")
    except BadPayload as error:
        return Unknown(f"it was taken, and the reference to ask for its outcome cannot be read ({error})")
    reference = text_of(told.get("writeback_id")) or text_of(inner(told, "data").get("writeback_id"))
    return replace(Accepted(), reference=reference)


def _refusal(answer: bytes) -> str:
    try:
        return _says(document(answer, "a write"))
    except BadPayload:
        return ""


def _says(told: Mapping[str, Any]) -> str:
    """Wonde's own words about a failure, cut short."""
    said = told.get("message") or told.get("error") or told.get("errors") or ""
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return text[:LONGEST_SAYING]
