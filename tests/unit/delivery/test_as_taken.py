"""A paper goes by the way on which the LA takes it, sealed as it wants, or a person looks first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mbls_sync.delivery.as_taken import carried_how, form_of, misfit
from mbls_sync.delivery.sending import Way
from mbls_sync.model.la_profile import LaProfile, PacketForm, ReturnForm
from mbls_sync.model.sendings import Channel, PaperKind
from mbls_sync.policy.la_profiles import load_profiles
from mbls_sync.policy.places import profile_folder, shipped_config
from mbls_sync.registry.manager import build_registry
from mbls_sync.render.archive import Seal

SENDERS = build_registry().senders
PROFILES = load_profiles(profile_folder(shipped_config()))
TODAY = date(2026, 11, 24)


def _way(kind: str, seal: Seal = Seal.ZIP) -> Way:
    return Way(Channel("la", None, Path()), SENDERS[kind], ("attendance",), "The LA", seal)


def _form(channel: str, encryption: str = "zip") -> ReturnForm:
    return ReturnForm("attendance", channel=channel, encryption=encryption, place="la.yaml:7")


@pytest.mark.parametrize(
    ("channel", "kind", "fits"),
    [
        ("secure-email", "smtp", True),
        ("sftp", "sftp", True),
        ("upload", "sftp", True),
        ("upload", "smtp", False),
        ("secure-email", "sftp", False),
        ("e-form", "sftp", False),
        ("e-form", "smtp", False),
        ("e-form", "folder", True),
        ("secure-email", "folder", True),
    ],
)
def test_each_sender_serves_the_ways_of_the_la_that_it_is(channel: str, kind: str, fits: bool) -> None:
    says = misfit(_way(kind), _form(channel))
    assert (says == "") is fits
    assert fits or says == f"the LA takes it by {channel} (la.yaml:7), and la is {kind}"


def test_another_seal_than_the_la_takes_is_no_fit_but_in_a_folder_from_which_a_person_goes_on() -> None:
    assert misfit(_way("smtp", Seal.ZIP), _form("secure-email", "7z")) == (
        "the LA takes it with the seal 7z (la.yaml:7), and la seals with zip"
    )
    assert misfit(_way("smtp", Seal.SEVEN_ZIP), _form("secure-email", "7z")) == ""
    assert misfit(_way("folder", Seal.ZIP), _form("secure-email", "7z")) == ""


def test_what_the_profile_does_not_speak_of_may_go_any_way() -> None:
    assert form_of(LaProfile(), "attendance", PaperKind.RETURN, TODAY) is None
    assert misfit(_way("smtp"), None) == ""


def test_the_profile_is_asked_for_the_form_of_the_day_of_returns_and_of_packets() -> None:
    bedfordshire = PROFILES["central-bedfordshire"]
    assert isinstance(form_of(bedfordshire, "ewo", PaperKind.PACKET, TODAY), PacketForm)
    assert form_of(bedfordshire, "sickness", PaperKind.RETURN, date(2024, 8, 18)) is None
    assert form_of(bedfordshire, "sickness", PaperKind.RETURN, date(2024, 8, 19)) is not None


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (None, "a person carries it"),
        (_form("e-form"), "a person tells the LA by e-form what stands in it"),
        (_form("upload"), "a person brings it to the LA by upload"),
    ],
)
def test_what_no_channel_takes_a_person_brings_as_the_la_takes_it(form: ReturnForm | None, says: str) -> None:
    assert carried_how(form) == says
