"""What home has said about an absence, and the code that its words call for."""

from dataclasses import dataclass
from datetime import date

from mbls_rules_school.arriving import on_site_codes
from mbls_rules_school.contacting import Heard, attempts_on, meaning_of
from mbls_rules_school.entering import entry_for
from mbls_sync.api import Code, Direction, History, Message, Period, PolicyAt, PupilSession, says


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in home's or the office's own words, where it came from, and the code it calls for, if any.

    `is_agreed`: the absence was agreed before it began, and whoever decides about that code has decided.
    """

    text: str
    source: str
    code: Code | None
    is_agreed: bool = False

    def decider(self, policy: PolicyAt) -> str | None:
        """Who has the last word about the code; None where nobody is to be asked."""
        return None if self.is_agreed else policy.table("classification.decided_by").get(self.code or "")


def code_for(text: str, policy: PolicyAt) -> Code | None:
    """The code of the first line of the table whose words stand in the text; None where none do."""
    table = policy.table("classification.reason_to_code")
    return next((code for words, code in table.items() if says(text, words)), None)


def known_reason(subject: PupilSession, history: History, policy: PolicyAt) -> Reason | None:
    """What is on record about why the pupil is away in that session.

    What was agreed beforehand comes first: home that rings about it again says nothing new. Then the latest word
    of home.
    """
    agreed = _from_leave(subject, history, policy)
    if agreed is not None:
        return agreed
    found = (
        _from_message(subject, history, policy)
        or _from_contact(subject, history, policy)
        or _from_sign_out(subject, history)
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
    before = history.calendar.school_day_before(day) or day
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


def _from_leave(subject: PupilSession, history: History, policy: PolicyAt) -> Reason | None:
    entry = entry_for(subject.session, history, policy)
    if entry is None:
        return None
    return Reason(entry.says, f"asked for from {entry.request.first}", entry.code, entry.is_complete)
