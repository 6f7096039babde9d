"""What every builder of a packet promises; an author inherits it and names the module.

class TestEwo(PacketContract):
    module = ewo
"""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from mbls_sync.declare import PacketInfo
from mbls_sync.model.papers import (
    ChecklistSection,
    Evidence,
    HerringboneSection,
    PacketSections,
    Referral,
    TableSection,
)
from mbls_sync.registry.check import implementations
from mbls_sync.registry.manager import BoundPacket
from mbls_sync.testing.builders import a_pupil, a_school
from mbls_sync.testing.contract import Contract
from mbls_sync.testing.paper_builders import a_paper_policy, a_referral, some_evidence, some_figures
from mbls_sync.testing.purity import faults


class PacketContract(Contract):
    """Tests that hold for every packet. `referral` and `evidence` may be replaced by an author who needs others."""

    module: ClassVar[ModuleType]

    def referral(self, pupil: str = "P1") -> Referral:
        """The case that is put to the LA."""
        return a_referral(pupil)

    def evidence(self, pupil: str = "P1") -> Evidence:
        """What the school knows about it."""
        return some_evidence(pupil)

    def builder(self) -> BoundPacket:
        """The one builder that the module holds, checked as at load."""
        found = [it for it in implementations("under test", self.module) if isinstance(it.info, PacketInfo)]
        assert len(found) == 1, f"{self.module.__name__} holds {len(found)} packets; keep one a file"
        assert isinstance(found[0].info, PacketInfo)
        return BoundPacket(found[0].info, found[0].function, found[0].arguments, "under test")

    def packet(self, evidence: Evidence) -> PacketSections:
        """The packet over this evidence."""
        referral = self.referral(evidence.pupil.id)
        return self.builder()(referral=referral, evidence=evidence, school=a_school(), policy=a_paper_policy())

    def test_it_keeps_the_rules_of_the_registry(self) -> None:
        """The hook, its arguments, its annotations and its citation are as at load."""
        assert self.builder().info.kind == self.packet(self.evidence()).kind

    def test_the_same_case_gives_the_same_packet(self) -> None:
        """Built twice, it is the same; it reaches for nothing but its arguments."""
        assert self.packet(self.evidence()) == self.packet(self.evidence())
        assert not faults(self.module), "\n".join(faults(self.module))

    def test_nothing_about_another_pupil_is_in_it(self) -> None:
        """What was built for one pupil leaves no trace in the next pupil's packet."""
        first = some_evidence("P1", pupil=a_pupil("P1", surname="Firstpupil", address="1 First Road"))
        self.packet(first)
        other = repr(self.packet(some_evidence("P2")))
        assert "Firstpupil" not in other
        assert "1 First Road" not in other

    def test_every_section_is_whole(self) -> None:
        """There are sections, each with a heading; every table's rows fit its columns, every week has ten sessions."""
        sections = self.packet(self.evidence()).sections
        assert sections, "the packet has no section"
        for section in sections:
            assert section.heading.strip(), "a section has no heading"
            if isinstance(section, TableSection):
                assert {len(row) for row in section.rows} <= {len(section.columns)}, section.heading
            if isinstance(section, HerringboneSection):
                assert {len(codes) for _, codes in section.weeks} <= {10}, section.heading

    def test_every_mark_is_in_it(self) -> None:
        """A register certificate shows every mark of the evidence, on its own day."""
        evidence = self.evidence()
        shown = [s for s in self.packet(evidence).sections if isinstance(s, HerringboneSection)]
        assert shown, "there is no register certificate"
        held = sum(bool(code) for section in shown for _, codes in section.weeks for code in codes)
        assert held >= sum(bool(line.code) for line in evidence.marks)

    def test_what_is_missing_is_said_and_not_left_blank(self) -> None:
        """Where the MIS holds little, the packet lists what the receiver will miss."""
        bare = a_pupil("P1", surname="", forename="", born=None, address="", contacts=())
        packet = self.packet(
            some_evidence(pupil=bare, events=(), messages=(), requests=(), marks=(), weekly=(), figures=some_figures())
        )
        listed = [item for s in packet.sections if isinstance(s, ChecklistSection) for item in s.items if not item[1]]
        assert packet.missing, "the packet does not say what is missing"
        assert listed, "no checklist shows what is missing"

    def test_a_pupil_of_whom_little_is_known_still_gets_a_packet(self) -> None:
        """A case in its first week, without marks or events, is laid out all the same."""
        early = some_evidence(
            events=(), messages=(), requests=(), marks=(), weekly=(), figures=some_figures("P1", 0, 0)
        )
        assert self.packet(early).sections

    def test_its_docstring_names_the_section_it_cites(self) -> None:
        """The first thing a reader sees says which section made the packet."""
        text = " ".join((self.module.__doc__ or "").split())
        assert self.builder().info.cites.casefold() in text.casefold()
