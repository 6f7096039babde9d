"""Says in words why an effect is no longer called for: what is different now from when it was opened."""

from __future__ import annotations

from datetime import datetime, time

from mbls_sync.engine.world import World
from mbls_sync.model.codes import NO_MARK
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import IncludeInReturn, Proposal, RaiseTask, SetCode
from mbls_sync.model.sessions import Session


def why_not(effect: Effect, world: World) -> str:
    """What took it away where that is plain; else that the rule fell silent, with the last thing that changed of late.

    What came weeks ago did not take away what stood until now. What changed last may have, or may not: a term's
    statement falls silent because its days are over, whatever was recorded of the pupil that day. A line of a
    return is about figures, and a letter or a call takes nobody out of those.
    """
    plain = _mark_changed(effect, world) or _left_roll(effect, world) or _register_marked(effect)
    if plain:
        return plain
    last = _mark_amended(effect, world) or _told_of_late(effect, world)
    silent = f"{effect.because.rule} no longer asks for it"
    return f"{silent}; what changed last: {last}" if last else silent


def session_of(proposal: Proposal) -> tuple[PupilId | None, Session] | None:
    """The pupil and session a proposal is about, where it is about one."""
    match proposal:
        case SetCode(subject=subject):
            return subject.pupil, subject.session
        case RaiseTask(pupil=pupil, session=Session() as session):
            return pupil, session
        case _:
            return None


def _mark_changed(effect: Effect, world: World) -> str:
    about = session_of(effect.proposal)
    if about is None or about[0] is None:
        return ""
    now, before = world.code(about[0], about[1]), dict(effect.because.marks).get(about[1])
    if before is None or now == before:
        return ""
    return "the mark was taken out of the register" if now == NO_MARK else f"the mark is now {now}"


def _left_roll(effect: Effect, world: World) -> str:
    if effect.pupil is None:
        return ""
    pupil = world.pupils.get(effect.pupil)
    if pupil is None:
        return "the pupil is no longer in the MIS"
    if pupil.on_roll(world.today):
        return ""
    return f"the pupil left the roll on {pupil.left}" if pupil.left else "the pupil is not on the roll yet"


def _mark_amended(effect: Effect, world: World) -> str:
    """The latest mark of the pupil that was amended since: a figure has moved."""
    if effect.pupil is None:
        return ""
    since = [a for a in world.amended.get(effect.pupil, ()) if a.observed_at >= _of_late(effect, world)]
    if not since:
        return ""
    last = max(since, key=lambda a: (a.observed_at, a.session))
    return f"the mark of {last.session} was amended from {last.original or 'none'} to {last.amended or 'none'}"


def _of_late(effect: Effect, world: World) -> datetime:
    """Since when something may be the cause: the opening, or the start of the last school day before today."""
    day = world.calendar.school_day_before(world.today) or world.today
    start = datetime.combine(day, time.min, tzinfo=world.calendar.zone)
    return max(effect.opened_at, start)


def _told_of_late(effect: Effect, world: World) -> str:
    if isinstance(effect.proposal, IncludeInReturn):
        return ""
    return _heard_from_home(effect, world) or _step_recorded(effect, world)


def _heard_from_home(effect: Effect, world: World) -> str:
    heard = [m for m in world.messages if m.pupil == effect.pupil and m.received_at >= _of_late(effect, world)]
    if not heard:
        return ""
    return f"a message from home came at {heard[-1].received_at.astimezone(world.calendar.zone):%H:%M on %d %B %Y}"


def _step_recorded(effect: Effect, world: World) -> str:
    if effect.pupil is None:
        return ""
    steps = [e for e in world.events if e.pupil == effect.pupil and e.at >= _of_late(effect, world)]
    return f"{steps[-1].kind} was recorded on {steps[-1].at.astimezone(world.calendar.zone):%d %B %Y}" if steps else ""


def _register_marked(effect: Effect) -> str:
    about = session_of(effect.proposal)
    return "the register has been marked since" if about is not None and about[0] is None else ""
