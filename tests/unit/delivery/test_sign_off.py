"""A mark that its rule wants signed off waits for a person in every mode."""

from datetime import date, datetime, timedelta

import pytest

from mbls_sync.delivery.clearance import cleared_to_send
from mbls_sync.model.codes import CodeStanding, Meaning
from mbls_sync.model.decisions import Because
from mbls_sync.model.deliveries import Effect, Kind, Mode, State
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import SetCode
from mbls_sync.model.pupils import Phase
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.subjects import PupilSession
from mbls_sync.testing.builders import ZONE

NOW = datetime(2026, 9, 14, 16, tzinfo=ZONE)


def _effect(state: State, sign_off: bool) -> Effect:
    subject = PupilSession(
        pupil=PupilId("P1"),
        session=Session(date(2026, 9, 7), Period.AM),
        code="N",
        meaning=Meaning.UNAUTHORISED,
        standing=CodeStanding.VALID,
        zone=ZONE,
        phase=Phase.KEY_STAGE_1,
        class_name="2T",
        expected=True,
        register_taken=True,
    )
    wanted = SetCode(subject, "O", "no reason was found", sign_off=sign_off)
    return Effect("key", Kind.MARK, state, subject.pupil, wanted, Because("FDC-11", "Appendix A, 2"), NOW, NOW)


@pytest.mark.parametrize("mode", list(Mode))
def test_it_is_not_sent_unsigned(mode: Mode) -> None:
    assert cleared_to_send([_effect(State.PLANNED, sign_off=True)], mode, NOW - timedelta(days=1)) == ()


@pytest.mark.parametrize("mode", [Mode.CONFIRM, Mode.AUTO])
def test_it_is_sent_when_a_person_approved_it(mode: Mode) -> None:
    approved = _effect(State.APPROVED, sign_off=True)
    assert cleared_to_send([approved], mode, NOW) == (approved,)


def test_a_mark_without_that_wish_goes_by_itself_in_auto() -> None:
    planned = _effect(State.PLANNED, sign_off=False)
    assert cleared_to_send([planned], Mode.AUTO, NOW) == (planned,)
