"""The fields of a return that say what was missed, for how long, why, and what the school did about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from mbls_returns_la.fields_of_pupil import Field, Line
from mbls_returns_la.wording import attendance_percent, last_action
from mbls_sync.api import UNEXPLAINED_CODE, AcademicYear, Cell, Event

CONTACT = ("call-home", "call-others", "reason-asked", "return-asked", "visit-warning")
"""The kinds of event that are an attempt to reach the adults."""

VISIT = "home-visit"

ENQUIRIES = ("enquiry-made", "enquiries-made")
"""The kinds of event that say whom the school asked where a pupil is."""

SENT, RETRACTED = "return-line-sent", "return-line-retracted"


def codes(line: Line) -> Cell:
    """The codes of the episode with the number of sessions of each: `I 28, M 2`."""
    counted = Counter(code for _, code in line.entry.codes if code)
    return ", ".join(f"{code} {count}" for code, count in sorted(counted.items()))


def days(line: Line) -> Cell:
    """School days of the episode on which the pupil was away for at least a session."""
    return len({session.day for session, code in line.entry.codes if code})


def attempts(line: Line) -> Cell:
    """How often the school tried to reach home in the episode, and when it visited."""
    since = line.entry.first
    made = [event for event in line.entry.events if since is None or event.at.date() >= since]
    tried = [event for event in made if event.kind in CONTACT]
    visits = [event for event in made if event.kind == VISIT]
    return "; ".join(filter(None, (_attempts(tried), *(f"home visit {_dated(visit)}" for visit in visits))))


def _attempts(tried: list[Event]) -> str:
    if not tried:
        return ""
    return f"{len(tried)} attempt{'' if len(tried) == 1 else 's'} to reach home, last {_dated(tried[-1])}"


def _dated(event: Event) -> str:
    return f"{event.at:%d/%m/%Y}" + (f": {event.outcome}" if event.outcome else "")


def told_before(line: Line) -> Cell:
    """`Initial`, or `Follow-up` where the LA was told of this pupil in an earlier return of this academic year."""
    events, year = line.entry.events, AcademicYear.of(line.due.due)
    not_told = {f"{line.due.name} {line.due.period}", *(event.ref for event in events if event.kind == RETRACTED)}
    told = [event for event in events if event.kind == SENT and event.ref.startswith(f"{line.due.name} ")]
    earlier = any(event.ref not in not_told and AcademicYear.of(event.at.date()) == year for event in told)
    return "Follow-up" if earlier else "Initial"


def last_contact(line: Line) -> Cell:
    """The day on which the school last reached or tried to reach home, or visited."""
    found = [event.at.date() for event in line.entry.events if event.kind in (*CONTACT, VISIT)]
    return found[-1] if found else None


def ground(line: Line) -> Cell:
    """The letter of the ground on which the name is taken off, small, as the regulation writes it."""
    return _outcome(line, "deletion-ground").strip().casefold()


def ground_in_words(line: Line) -> Cell:
    """What the regulation of the last day on the register says under that letter; empty where it says nothing."""
    left = line.entry.pupil.left
    grounds = line.policy.on(left or line.due.due).table("la.deletion.grounds")
    return grounds.get(str(ground(line)), "")


def start_there(line: Line) -> Cell:
    """The day on which the pupil starts at the next school; as it was written, where that is no day."""
    written = _note(line, "destination-known").strip()
    day_first = reversed([part.zfill(2) for part in written.split("/")])
    try:
        return date.fromisoformat("-".join(day_first))
    except ValueError:
        return written


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _outcome(line: Line, kind: str) -> str:
    return next((event.outcome for event in reversed(line.entry.events) if event.kind == kind), "")


def _note(line: Line, kind: str) -> str:
    return next((event.note for event in reversed(line.entry.events) if event.kind == kind), "")


FIELDS_OF_ABSENCE: Mapping[str, Field] = {
    "possible": lambda line: line.entry.figures.possible,
    "attended": lambda line: line.entry.figures.attended,
    "authorised": lambda line: line.entry.figures.authorised,
    "unauthorised": lambda line: line.entry.figures.unauthorised,
    "unauthorised_10_weeks": lambda line: line.entry.figures.unauthorised_10_weeks,
    "late_after_close": lambda line: line.entry.figures.late_after_close,
    "percent": lambda line: attendance_percent(line.entry.figures),
    "n_left": lambda line: line.entry.unexplained_left,
    "stage": lambda line: line.entry.stage or "no step recorded",
    "last_action": lambda line: last_action(line.entry.last_action)[0],
    "last_action_on": lambda line: last_action(line.entry.last_action)[1],
    "cause": lambda line: line.entry.cause,
    "episode_first": lambda line: line.entry.first,
    "episode_last": lambda line: line.entry.last,
    "episode_sessions": lambda line: sum(bool(code) for _, code in line.entry.codes),
    "episode_days": days,
    "codes": codes,
    "expected_back": lambda line: _day(line.entry.fact("Expected back")),
    "evidence": lambda line: line.entry.fact("Medical evidence"),
    "reason_given": lambda line: line.entry.fact("Reason given"),
    "attempts": attempts,
    "last_contact": last_contact,
    "told_before": told_before,
    "unexplained": lambda line: sum(code == UNEXPLAINED_CODE for _, code in line.entry.codes),
    "ground": ground,
    "ground_in_words": ground_in_words,
    "destination": lambda line: _outcome(line, "destination-known"),
    "start_there": start_there,
    "new_address": lambda line: _outcome(line, "new-address-known"),
    "came_from": lambda line: _outcome(line, "last-school-known"),
    "last_seen": lambda line: line.entry.fact("Last seen"),
    "enquiries": lambda line: "; ".join(_dated(event) for event in line.entry.events if event.kind in ENQUIRIES),
    "concern": lambda line: line.entry.fact("Concern"),
    "lone_worker_risk": lambda line: _outcome(line, "lone-worker-risk"),
    "not_held": lambda _line: "",
}
"""By the name that an LA's profile uses. `not_held` is what the LA asks and no record of the school answers."""
