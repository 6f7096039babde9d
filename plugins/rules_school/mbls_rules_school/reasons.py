"""What home has said about an absence, and the code that its words call for."""

from dataclasses import dataclass
from datetime import date

from mbls_rules_school.arriving import on_site_codes
from mbls_rules_school.contacting import Heard, attempts_on, meaning_of
from mbls_rules_school.leave import granted_on
from mbls_sync.api import Code, Direction, History, Message, Period, PolicyAt, PupilSession


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in home's or the office's own words, where it came from, and the code it calls for, if any."""

    text: str
    source: str
    code: Code | None


def plain(text: str) -> str:
    """The words of a text in lower case, one blank between and around them."""
    return f" {' '.join(''.join(ch if ch.isalnum() else ' ' for ch in text.casefold()).split())} "


def code_for(text: str, policy: PolicyAt) -> Code | None:
    """The code of the first line of the table whose words stand in the text; None where none do."""
    said = plain(text)
    for words, code in policy.table("classification.reason_to_code").items():
        wanted = plain(words).rstrip()
        if f"{wanted} " in said or f"{wanted}s " in said:
            return code
    return None


def known_reason(subject: PupilSession, history: History, policy: PolicyAt) -> Reason | None:
    """What is on record about why the pupil is away in that session, the latest word of home first."""
    found = (
        _from_message(subject, history, policy)
        or _from_contact(subject, history, policy)
        or _from_sign_out(subject, history)
        or _from_leave(subject, history)
    )
    if found is None:
        return None
    text, source = found
    return Reason(text, source, code_for(text, policy))


def message_about(history: History, day: date, policy: PolicyAt) -> Message | None:
    """The latest message that explains an absence on `day`, if any.

    Beside those that `History.message_for` knows, it is one that came when the last school day's office had
    closed: home of a pupil who was in school to the end of that day writes about the next.
    """
    return history.message_for(day) or _of_the_evening_before(history, day, policy)


def _of_the_evening_before(history: History, day: date, policy: PolicyAt) -> Message | None:
    zone, closed = history.calendar.zone, policy.time_of_day("office.day_ends")
    before = next((held for held in reversed(history.calendar.school_days) if held < day), day)
    theirs = [session for session in history.calendar.sessions_on(before) if history.pupil.attends(session)]
    if not theirs or history.code(theirs[-1]) not in on_site_codes(policy):
        return None
    written = ((m, m.received_at.astimezone(zone)) for m in reversed(history.messages))
    return next((m for m, at in written if at.date() == before and at.time() >= closed), None)


def _from_message(subject: PupilSession, history: History, policy: PolicyAt) -> tuple[str, str] | None:
    message = message_about(history, subject.session.day, policy)
    if message is None:
        return None
    at = message.received_at.astimezone(subject.zone)
    return message.reason, f"message from {message.sender or 'home'}, {at.day} {at:%b %H:%M}"


def _from_contact(subject: PupilSession, history: History, policy: PolicyAt) -> tuple[str, str] | None:
    for event in reversed(attempts_on(history, subject.session.day)):
        if meaning_of(event, policy) is Heard.REACHED:
            return f"{event.outcome} {event.note}", f"{event.kind} at {event.at.astimezone(subject.zone):%H:%M}"
    return None


def _from_sign_out(subject: PupilSession, history: History) -> tuple[str, str] | None:
    """A reason given on leaving explains the afternoon, where the pupil did not come back."""
    signs = history.sign_ins_on(subject.session.day)
    last = signs[-1] if signs else None
    if last is None or last.direction is not Direction.OUT or not last.reason:
        return None
    return (last.reason, f"signed out at {last.time:%H:%M}") if subject.session.period is Period.PM else None


def _from_leave(subject: PupilSession, history: History) -> tuple[str, str] | None:
    request = granted_on(history, subject.session.day)
    if request is None:
        return None
    # Granted leave is leave whatever it was asked for: the words decide only what is special about it.
    return f"exceptional leave granted by the head: {request.purpose}", f"leave granted from {request.first}"
