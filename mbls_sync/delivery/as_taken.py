"""Whether a channel is the way by which the LA takes a paper: what its profile says against what the settings have."""

from __future__ import annotations

from datetime import date

from mbls_sync.delivery.documents import Document
from mbls_sync.delivery.sending import Way
from mbls_sync.model.la_profile import LaProfile, PacketForm, ReturnForm
from mbls_sync.model.sendings import PaperKind

BY_A_PERSON = ("e-form", "portal", "telephone")
"""The LA's own web pages, and its telephone: a person reads from the file, and none arrives there by itself."""


def taken_as(profile: LaProfile, document: Document, today: date) -> ReturnForm | PacketForm | None:
    """How the LA takes a document, on the day it is due; None where its profile does not say."""
    return form_of(profile, document.paper, document.kind, document.due or today)


def form_of(profile: LaProfile, paper: str, kind: PaperKind, day: date) -> ReturnForm | PacketForm | None:
    """How the LA takes a paper on `day`; None where its profile does not say."""
    found: ReturnForm | PacketForm
    found = profile.form(paper, day) if kind is PaperKind.RETURN else profile.packet_form(paper, day)
    return found if found.place else None


def misfit(way: Way, form: ReturnForm | PacketForm | None) -> str:
    """Why a paper should not go this way; empty where it may, or where the profile does not say how it is taken."""
    if form is None:
        return ""
    serves = way.sender.info.serves
    if serves and form.channel not in serves:
        return f"the LA takes it by {form.channel} ({form.place}), and {way.name} is {way.sender.info.kind}"
    # What is put into a folder a person seals or uploads as the LA wants it.
    if serves and form.encryption != way.seal.value:
        return f"the LA takes it with the seal {form.encryption} ({form.place}), and {way.name} seals with {way.seal}"
    return ""


def carried_how(form: ReturnForm | PacketForm | None) -> str:
    """What a person does with a paper that no channel takes."""
    if form is None:
        return "a person carries it"
    if form.channel in BY_A_PERSON:
        return f"a person tells the LA by {form.channel} what stands in it"
    return f"a person brings it to the LA by {form.channel}"
