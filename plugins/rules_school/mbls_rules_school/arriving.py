"""Who came through the office, when, and who is on the school's site."""

from datetime import datetime, time

from mbls_sync.api import NO_MARK, UNEXPLAINED_CODE, Direction, History, Period, PolicyAt, PupilSession, Session, SignIn


def arrival(subject: PupilSession, history: History, policy: PolicyAt) -> SignIn | None:
    """The pupil's first arrival at the office in that session; the afternoon begins when the morning ends."""
    return signed_in(subject.session, history, policy)


def signed_in(session: Session, history: History, policy: PolicyAt) -> SignIn | None:
    """As `arrival`, of any session."""
    half = policy.time_of_day("registers.am_ends")
    morning = session.period is Period.AM
    came = (s for s in history.sign_ins_on(session.day) if s.direction is Direction.IN)
    return next((s for s in came if (s.time < half) == morning), None)


def came_after(session: Session, history: History, policy: PolicyAt) -> bool:
    """Whether a pupil who missed a morning came in the afternoon: marked as on the site, or signed in."""
    if session.period is Period.PM:
        return False
    later = Session(session.day, Period.PM)
    return history.code(later) in on_site_codes(policy) or signed_in(later, history, policy) is not None


def minutes_late(came: SignIn, marked: datetime) -> int:
    """Whole minutes from the register's marking to the arrival."""
    at = datetime.combine(came.day, came.time, tzinfo=marked.tzinfo)
    return int((at - marked).total_seconds()) // 60


def on_site_codes(policy: PolicyAt) -> frozenset[str]:
    """The codes of pupils who are on the site."""
    return frozenset(policy.text("registers.on_site_codes").split())


def is_on_site(history: History, day_sessions: tuple[Session, ...], policy: PolicyAt) -> str | None:
    """How the pupil is known to be on the site, in words; None where nothing says so.

    What happened last decides: a mark at its register's time, or a sign-in or sign-out after it. A mark
    that says nothing (none, or N) decides nothing.
    """
    marked = [s for s in day_sessions if history.code(s) not in (NO_MARK, UNEXPLAINED_CODE)]
    signs = history.sign_ins_on(day_sessions[-1].day) if day_sessions else ()
    last = marked[-1] if marked else None
    if signs and not policy.flag("fire_list.refresh"):
        signs = tuple(s for s in signs if s.time <= policy.time_of_day("registers.am_closes"))
    if signs and (last is None or signs[-1].time >= _time_of(last, history, policy)):
        came = signs[-1]
        return f"signed in {came.time:%H:%M}" if came.direction is Direction.IN else None
    if last is not None and history.code(last) in on_site_codes(policy):
        return f"marked {history.code(last)} {last.period}"
    return None


def _time_of(session: Session, history: History, policy: PolicyAt) -> time:
    half = "am" if session.period is Period.AM else "pm"
    return policy.time_of_day(f"registers.{half}_marked_by.{history.pupil.phase}")
