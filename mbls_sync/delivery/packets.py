"""Referral packets: evidence becomes sections, and sections one tagged PDF with the same data beside it.

File names carry the pseudonym that the caller gives, never a pupil's name or UPN.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.evidence import evidence_of
from mbls_sync.delivery.files import put, safe_name
from mbls_sync.delivery.lint import lint, linted
from mbls_sync.delivery.lint_packets import RULES, PacketPaper
from mbls_sync.delivery.manifest import CHECKLIST, is_kept, lint_stated, readings_of, sealed
from mbls_sync.errors import PaperRefused
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import Meaning
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.lint import Linted
from mbls_sync.model.papers import PacketSections, Referral
from mbls_sync.model.proposals import OpenReferral
from mbls_sync.policy.view import PolicyAt
from mbls_sync.render.archive import sealed_zip, zip_of
from mbls_sync.render.checklist import checklist
from mbls_sync.render.csv_person import csv_for_person
from mbls_sync.render.pdf import packet_pdf
from mbls_sync.render.sections import CSV_COLUMNS, packet_json, packet_rows

MISSED = (Meaning.AUTHORISED, Meaning.UNAUTHORISED)

PacketBuilder = Callable[..., PacketSections]
"""A `build_packet`, called with referral, evidence, school and policy by name; the registry's bound packet is one."""


def referral_of(effect: Effect) -> Referral:
    """The referral that an effect of kind referral asks for."""
    wanted = effect.proposal
    if not isinstance(wanted, OpenReferral):
        raise TypeError(f"an effect of kind {effect.kind} is no referral")
    return Referral(wanted.kind, wanted.pupil, wanted.occasion, effect.opened_at.date(), wanted.cause, effect.because)


@dataclass(frozen=True)
class PreparedPacket:
    """One packet laid out and linted. `checked` is how many of the receiver's rules were looked at."""

    paper: PacketPaper
    policy: PolicyAt
    linted: Linted
    checked: int

    @property
    def packet(self) -> PacketSections:
        """What it says."""
        return self.paper.packet


def prepare(desk: Desk, referral: Referral, builder: PacketBuilder) -> PreparedPacket:
    """One packet, laid out and linted by what its receiver asks for.

    Raises PaperRefused where the pupil has no history now.
    """
    if referral.pupil not in desk.histories:
        raise PaperRefused(
            "a packet was asked for about a pupil who is not on the roll, so it was not written; "
            "close the referral, or restore the pupil in the MIS"
        )
    policy = desk.policy()
    evidence = evidence_of(desk, referral.pupil)
    packet = builder(referral=referral, evidence=evidence, school=desk.school, policy=policy)
    paper = PacketPaper(referral, packet, evidence, desk)
    form = desk.profile.packet_form(referral.kind, desk.now.date())
    found = linted(lint(paper, form.checks, RULES, desk.policy()), paper.ref, desk.events)
    return PreparedPacket(paper, policy, found, len(form.checks))


def packet_files(
    desk: Desk, referral: Referral, builder: PacketBuilder, pseudonym: str
) -> tuple[PacketSections, dict[str, bytes]]:
    """The packet and its files by name: PDF, CSV, JSON, checklist, and the manifest that states the hash of each."""
    prepared = prepare(desk, referral, builder)
    packet, stem = prepared.packet, document_of(referral, pseudonym)
    files = {
        f"{stem}.pdf": packet_pdf(packet, desk.school, desk.now.date()),
        f"{stem}.csv": csv_for_person(CSV_COLUMNS, packet_rows(packet)),
        f"{stem}.json": packet_json(packet),
    }
    if prepared.checked:
        files[f"{stem}{CHECKLIST}"] = checklist(packet.title, desk.school.name, prepared.linted, prepared.checked)
    files["manifest.json"] = _manifest(prepared, pseudonym, files)
    return packet, files


def write_packet(
    desk: Desk,
    referral: Referral,
    builder: PacketBuilder,
    pseudonym: str,
    folder: Path,
    passphrase: str | None = None,
) -> list[Path]:
    """One packet as a zip; without a passphrase also its files beside it, to be read before it is sent.

    With a passphrase the zip is sealed with AES-256 and nothing stands open. The same inputs give the same
    bytes, but for a sealed zip, which is salted.
    """
    _, files = packet_files(desk, referral, builder, pseudonym)
    stem = document_of(referral, pseudonym)
    sent = {name: data for name, data in files.items() if not is_kept(name)}
    if passphrase is not None:
        return [put(folder, f"{stem}.zip", sealed_zip(sent, passphrase))]
    loose = [put(folder / stem, name, data) for name, data in files.items()]
    return [put(folder, f"{stem}.zip", zip_of(sent)), *loose]


def is_filed(referral: Referral, pseudonym: str, folder: Path) -> bool:
    """Whether the referral's packet lies whole in `folder`: the zip is written last."""
    return (folder / f"{document_of(referral, pseudonym)}.zip").is_file()


def document_of(referral: Referral, pseudonym: str) -> str:
    """What the packet of a referral is called, without an ending."""
    return f"{safe_name(referral.kind)}_{safe_name(pseudonym)}_{referral.opened:%Y%m%d}"


def _marks_looked_at(prepared: PreparedPacket) -> list[str]:
    """The marks that the decision rests on; where its rule looked at the year's figures, each session missed in it."""
    named = prepared.paper.referral.because.marks
    if named:
        return [f"{session} {code}" for session, code in named]
    evidence = prepared.paper.evidence
    first = AcademicYear.of(evidence.at.date()).first
    return [f"{m.session} {m.code}" for m in evidence.marks if m.session.day >= first and m.meaning in MISSED]


def _manifest(prepared: PreparedPacket, pseudonym: str, files: dict[str, bytes]) -> bytes:
    referral = prepared.paper.referral
    stated = {
        "kind": referral.kind,
        "pupil": pseudonym,
        "occasion": referral.occasion,
        "opened": referral.opened.isoformat(),
        "rule": referral.because.rule,
        "cites": referral.because.cites,
        "cause": referral.cause,
        "marks": _marks_looked_at(prepared),
        "parameters": readings_of([referral.because], prepared.policy.readings),
        "missing": list(prepared.packet.missing),
        **({"lint": lint_stated(prepared.linted)} if prepared.checked else {}),
        "files": [sealed(name, data) for name, data in sorted(files.items()) if not is_kept(name)],
        "kept_at_school": [sealed(name, data) for name, data in sorted(files.items()) if is_kept(name)],
    }
    return (json.dumps(stated, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
