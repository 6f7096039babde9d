"""What a receiver would send back, found before it is sent: findings, and how the paper stands because of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mbls_sync.model.la_profile import Weight
from mbls_sync.model.marks import PupilId


@dataclass(frozen=True, slots=True)
class Fault:
    """What one rule of the lint found: what is wrong, how it is mended, and whom it is about, if anybody.

    `owner` is whose it is to mend, where that is not the rule's.
    """

    says: str
    mend: str
    pupil: PupilId | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault as a reader sees it: the rule that found it, who mends it, and who asks for it.

    `source` is empty where the rule is the school's own.
    """

    rule: str
    title: str
    weight: Weight
    says: str
    mend: str
    owner: str
    source: str = ""
    pupil: PupilId | None = None

    @property
    def asked_by(self) -> str:
        """Who asks for it, in words."""
        return self.source or "the school's own rule"


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody took it upon themselves to send it all the same: who, when and why."""

    by: str
    at: datetime
    why: str


class Standing(StrEnum):
    """Whether a paper may leave the school."""

    READY = "ready"
    NOT_READY = "not ready"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class Linted:
    """A paper's findings, those that stop it first, and the override that holds for exactly these."""

    findings: tuple[Finding, ...] = ()
    override: Override | None = None

    @property
    def stopping(self) -> tuple[Finding, ...]:
        """The findings that keep the paper from being ready."""
        return tuple(finding for finding in self.findings if finding.weight is Weight.STOPS)

    @property
    def advising(self) -> tuple[Finding, ...]:
        """The other findings."""
        return tuple(finding for finding in self.findings if finding.weight is not Weight.STOPS)

    @property
    def standing(self) -> Standing:
        """Ready, not ready, or overridden."""
        if not self.stopping:
            return Standing.READY
        return Standing.NOT_READY if self.override is None else Standing.OVERRIDDEN

    @property
    def may_leave(self) -> bool:
        """Whether the paper may be sent."""
        return self.standing is not Standing.NOT_READY
