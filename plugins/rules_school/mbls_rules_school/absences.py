"""Which absences nobody has explained, since when, and whether this pupil's home must still be reached."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from mbls_rules_school.arriving import arrival, came_after, on_site_codes, signed_in
from mbls_rules_school.contacting import attempts_on, has_heard, has_word
from mbls_rules_school.reasons import known_reason, message_about
from mbls_rules_school.times import closes_at
from mbls_sync.api import NO_MARK, UNEXPLAINED_CODE, Direction, History, Period, PolicyAt, Pupil, PupilSession, Session

SETTLED_BY_NOBODY = (NO_MARK, UNEXPLAINED_CODE)


def is_waiting(subject: PupilSession, history: History, policy: PolicyAt) -> bool:
    """Whether the pupil should be here, is not known to be, and no mark says why."""
    expected = subject.expected and subject.register_taken and not subject.is_explained
    return expected and arrival(subject, history, policy) is None


def is_away(subject: PupilSession, history: History, policy: PolicyAt) -> bool:
    """As `is_waiting`, and also where the pupil came only after the register had closed."""
    came = arrival(subject, history, policy)
    return (
        subject.expected
        and subject.register_taken
        and not subject.is_explained
        and (came is None or subject.at(came.time) > closes_at(subject, policy))
    )


def leads_the_day(subject: PupilSession, history: History) -> bool:
    """Whether this is the day's first unexplained session, so that a day's task is asked for once."""
    morning = Session(subject.session.day, Period.AM)
    if subject.session == morning or not subject.morning_taken:
        return True
    return morning not in _expected(history, subject.session.day) or history.code(morning) not in SETTLED_BY_NOBODY


def must_be_reached(subject: PupilSession, history: History, policy: PolicyAt, now: datetime) -> bool:
    """Whether home must be reached about today: absent, unexplained, and nothing heard by any way.

    An afternoon counts by itself only where the pupil was in school in the morning, or nobody took the
    morning's register: an absence that began in the morning was dealt with then. A pupil who came later in the
    day is here.
    """
    day = subject.session.day
    if day != now.astimezone(subject.zone).date() or not is_waiting(subject, history, policy):
        return False
    if not _begins_here(subject, history, policy) or has_word(history, day, policy, now):
        return False
    if came_after(subject.session, history, policy):
        return False
    return known_reason(subject, history, policy) is None


def calling_starts(subject: PupilSession, policy: PolicyAt) -> datetime:
    """When the office starts to call: at its time in the morning, so long after the close of the afternoon register."""
    if subject.session.period is Period.AM:
        return subject.at(policy.time_of_day("first_day_calling.starts_at"))
    return closes_at(subject, policy) + timedelta(minutes=policy.count("first_day_calling.afternoon_minutes"))


def answer_due(subject: PupilSession, policy: PolicyAt) -> datetime:
    """When a call is to have been answered: before the office escalates; in the afternoon, by the end of its day."""
    morning = subject.session.period is Period.AM
    return subject.at(policy.time_of_day("first_day_calling.escalate_at" if morning else "office.day_ends"))


def silence_ends(subject: PupilSession, policy: PolicyAt) -> datetime:
    """Until when a visit waits for an answer: at its time, or as long after the close of an afternoon's register.

    An absence that begins in the afternoon, such as that of a nursery pupil who comes then, is called about first.
    """
    ends = subject.at(policy.time_of_day("home_visit.silent_until"))
    if subject.session.period is Period.AM:
        return ends
    waits = ends - subject.at(policy.time_of_day("registers.am_closes"))
    return min(closes_at(subject, policy) + waits, subject.at(policy.time_of_day("office.day_ends")))


def is_tried(history: History, day: date) -> bool:
    """Whether any attempt to reach home was made on `day`."""
    return bool(attempts_on(history, day))


def days_before(history: History, day: date) -> Iterator[date]:
    """The school days before `day` on which the pupil was expected, latest first, in the same academic year."""
    held = history.calendar.sessions(history.year.first, day - timedelta(days=1))
    last = None
    for session in reversed(held):
        if session.day != last and _expected(history, session.day):
            last = session.day
            yield session.day


def was_away(history: History, day: date, policy: PolicyAt) -> bool:
    """Whether the pupil missed the whole of a past day: no mark of it says present or elsewhere with approval."""
    codes = [history.code(session) for session in _expected(history, day)]
    if not any(codes) or on_site_codes(policy) & set(codes):
        return False
    return history.counts(day, day).attended == 0


def is_second_day(history: History, day: date, policy: PolicyAt) -> bool:
    """Whether the pupil was already away on the school day before, explained or not, and has not come since."""
    if has_come_on(history, day, policy):
        return False
    before = next(days_before(history, day), None)
    return before is not None and was_away(history, before, policy)


def has_come_on(history: History, day: date, policy: PolicyAt) -> bool:
    """Whether the pupil was in school on `day`, if only for a while."""
    marked = {history.code(session) for session in _expected(history, day)}
    signed = any(sign_in.direction is Direction.IN for sign_in in history.sign_ins_on(day))
    return signed or bool(on_site_codes(policy) & marked)


def silent_days(history: History, day: date, policy: PolicyAt) -> tuple[date, ...]:
    """The unbroken line of days up to `day` on which nobody explained the absence, oldest first.

    A day counts where at least one mark of it is N and no other says more: a register that was not taken
    is nobody's silence. `day` itself is taken to be one, and the only one where the pupil came on it.
    """
    found = [day]
    if has_come_on(history, day, policy):
        return (day,)
    for before in days_before(history, day):
        codes = {history.code(session) for session in _expected(history, before)}
        heard = message_about(history, before, policy) is not None or has_heard(history, before, policy)
        if heard or UNEXPLAINED_CODE not in codes or not codes <= set(SETTLED_BY_NOBODY):
            break
        found.append(before)
    return tuple(reversed(found))


def visit_is_due(history: History, day: date, policy: PolicyAt) -> bool:
    """Whether the silence has reached the day of a home visit and none was made in it."""
    silent = silent_days(history, day, policy)
    made = [e for e in history.events_of("home-visit") if e.at.astimezone(history.calendar.zone).date() >= silent[0]]
    return len(silent) >= policy.count("home_visit.day") and not made


def expected_back(history: History, day: date, policy: PolicyAt) -> date | None:
    """The day on which home expected the pupil back, where it has come and the pupil has been away ever since."""
    last = history.messages[-1] if history.messages else None
    if last is None or last.expected_return is None or last.expected_return > day:
        return None
    for before in days_before(history, day):
        if before < last.expected_return:
            return last.expected_return
        if not was_away(history, before, policy):
            return None
    return last.expected_return


def _expected(history: History, day: date) -> tuple[Session, ...]:
    pupil: Pupil = history.pupil
    if not pupil.on_roll(day):
        return ()
    return tuple(session for session in history.calendar.sessions_on(day) if pupil.attends(session))


def _begins_here(subject: PupilSession, history: History, policy: PolicyAt) -> bool:
    morning = Session(subject.session.day, Period.AM)
    if subject.session == morning or not subject.morning_taken:
        return True
    if morning not in _expected(history, subject.session.day) or signed_in(morning, history, policy):
        return True
    return history.code(morning) in on_site_codes(policy)
