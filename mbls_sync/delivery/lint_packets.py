"""The rules of the lint for packets: what makes a receiver send one back, each with its mend."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.lint import LintRule
from mbls_sync.delivery.lint_returns import CONFIRMED, months_before
from mbls_sync.figures.cases import of_this_case, unauthorised_in
from mbls_sync.figures.notices import notices_to, unplaced
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import CodeStanding
from mbls_sync.model.lint import Fault
from mbls_sync.model.papers import ChecklistSection, Evidence, PacketSections, Referral
from mbls_sync.model.subjects import UNEXPLAINED_CODE

LETTER, INVITED, VISIT = "letter-sent", "-invited", "home-visit"
SUPPORT = (LETTER, INVITED, "-held")
WARNED = "punctuality-letter-sent"
"""A letter that warns and offers nothing."""


@dataclass(frozen=True)
class PacketPaper:
    """A packet as the lint looks at it: laid out, with the evidence it was made of."""

    referral: Referral
    packet: PacketSections
    evidence: Evidence
    desk: Desk

    @property
    def ref(self) -> str:
        """What an event names the packet by: never by the pupil, for the audit keeps it for ever."""
        case = json.dumps([self.referral.kind, self.referral.pupil, self.referral.occasion], ensure_ascii=True)
        return f"packet {self.referral.kind} {hashlib.sha256(case.encode()).hexdigest()[:16]}"


def n_left(paper: PacketPaper) -> Iterator[Fault]:
    """A session is still N."""
    left = [mark.session for mark in paper.evidence.marks if mark.code == UNEXPLAINED_CODE]
    if left:
        says = f"{_so_many(len(left), 'session')} still N, the first on {left[0].day:%d/%m/%Y} {left[0].period}."
        yield _fault(paper, says, "Establish the reason and code it; where none comes in the time the law gives, O.")


def gaps(paper: PacketPaper) -> Iterator[Fault]:
    """A session in which the pupil was expected has no mark."""
    count = paper.evidence.figures.unmarked + (paper.evidence.previous.unmarked if paper.evidence.previous else 0)
    if count:
        says = f"{_so_many(count, 'session')} without a mark."
        yield _fault(paper, says, "Complete the register in the MIS; it is taken with the next pull.")


def code_valid(paper: PacketPaper) -> Iterator[Fault]:
    """A code that was not in the national set on the session's own date, or not for that age."""
    pupil, codes = paper.evidence.pupil, paper.desk.codes
    for mark in paper.evidence.marks:
        day = mark.session.day
        standing = codes.standing(mark.code, day, pupil.is_compulsory_school_age(day))
        if standing not in (CodeStanding.VALID, CodeStanding.IMPLAUSIBLE):
            says = f"{mark.code} on {day:%d/%m/%Y} {mark.session.period} was no valid code then."
            yield _fault(paper, says, "Amend the mark in the MIS to the code of that date.")


def of_age(paper: PacketPaper) -> Iterator[Fault]:
    """The law confines it to pupils of compulsory school age."""
    pupil = paper.evidence.pupil
    if pupil.born is None:
        yield _fault(paper, "There is no date of birth.", "Enter it in the MIS; the pupil was taken to be of age.")
    elif not pupil.is_compulsory_school_age(paper.evidence.at.date()):
        yield _fault(
            paper, "The pupil is below compulsory school age.", "Do not send it: the law is not for this pupil."
        )


def letters(paper: PacketPaper) -> Iterator[Fault]:
    """Fewer letters were sent home this year than the receiver asks for."""
    yield from _fewer(paper, "la.lint.letters", (LETTER, INVITED), "letter", "Send and record them")


def visits(paper: PacketPaper) -> Iterator[Fault]:
    """Fewer home visits were made this year than the receiver asks for."""
    yield from _fewer(paper, "la.lint.visits", (VISIT,), "home visit", "Visit and record it, or record why not")


def support(paper: PacketPaper) -> Iterator[Fault]:
    """No support is on record, and not all that counts is holiday without leave."""
    policy = paper.desk.policy(paper.evidence.at.date())
    counted = unauthorised_in(paper.evidence, policy.count("penalty_notice.school_weeks"))
    if {mark.code for mark in counted} == {policy.text("penalty_notice.holiday_code")}:
        return
    if any(event.kind.endswith(SUPPORT) and event.kind != WARNED for event in of_this_case(paper.evidence.events)):
        return
    says = "No support is recorded: no letter, no invitation, no meeting."
    yield _fault(paper, says, "Support comes first; record what was offered, or offer it.")


def third_notice(paper: PacketPaper) -> Iterator[Fault]:
    """No parent may be issued another notice within the years that count."""
    policy, day = paper.desk.policy(paper.evidence.at.date()), paper.evidence.at.date()
    years, most = policy.count("penalty_notice.years"), policy.count("penalty_notice.most")
    parents = [c for c in paper.evidence.pupil.contacts if c.parental_responsibility is not False]
    found = [
        notices_to(c.name, paper.evidence.events, day, years=years, most=most, zone=paper.evidence.at.tzinfo)
        for c in parents
    ]
    if found and not any(notices.issuable for notices in found):
        says = f"Each parent has had {most} notices about this pupil within {years} years."
        yield _fault(paper, says, "Do not ask for a third: weigh with the LA what else the law leaves.")
    for event in unplaced([c.name for c in paper.evidence.pupil.contacts], paper.evidence.events):
        issued = f"{event.at.astimezone(paper.evidence.at.tzinfo).date():%d/%m/%Y}"
        says = f"The notice of {issued} names nobody who is in the MIS, so that it may be one too many."
        yield _fault(paper, says, "Record it as withdrawn in that name, and once more in the name that the MIS has.")


def adults(paper: PacketPaper) -> Iterator[Fault]:
    """A parent's name, or who has parental responsibility, is not known."""
    contacts = paper.evidence.pupil.contacts
    if not contacts:
        yield _fault(
            paper, "No parent or carer is in the MIS.", "Enter each parent's full name and address in the MIS."
        )
    unsaid = [contact.name for contact in contacts if contact.parental_responsibility is None]
    if unsaid:
        says = f"Parental responsibility is not recorded for {', '.join(unsaid)}."
        yield _fault(paper, says, "Ask home, and tick it in the MIS for each adult.")


def address(paper: PacketPaper) -> Iterator[Fault]:
    """The address is not complete."""
    pupil = paper.evidence.pupil
    if not (pupil.address and pupil.postcode):
        yield _fault(paper, "The address is not complete.", "Complete address and postcode in the MIS.")


def contacts_fresh(paper: PacketPaper) -> Iterator[Fault]:
    """Nobody has confirmed the contact details lately."""
    today = paper.evidence.at.date()
    months = paper.desk.policy(today).count("la.lint.contact_months")
    confirmed = [event.at.date() for event in paper.evidence.events if event.kind in CONFIRMED]
    if not confirmed or months_before(today, months) > confirmed[-1]:
        last = f"last confirmed on {confirmed[-1]:%d/%m/%Y}" if confirmed else "never recorded as confirmed"
        mend = f"Confirm address and numbers with home, then: mbls-sync events record {CONFIRMED[0]} --upn UPN"
        yield _fault(paper, f"Contact details {last} (within {months} months).", mend)


def others_named(paper: PacketPaper) -> Iterator[Fault]:
    """Another pupil is named in what home or staff wrote."""
    count = paper.evidence.others_named
    if count:
        says = f"Another pupil is named in {_so_many(count, 'text')}."
        yield _fault(paper, says, "Read messages, notes and comments, and strike the name out before sending.")


def register_held(paper: PacketPaper) -> Iterator[Fault]:
    """There is no register extract, or not of the year before."""
    year = AcademicYear.of(paper.evidence.at.date())
    if not any(AcademicYear.of(mark.session.day) == year for mark in paper.evidence.marks):
        yield _fault(paper, "No mark of this year is held.", "Pull the register, then write the packet again.")


def complete(paper: PacketPaper) -> Iterator[Fault]:
    """What the receiver asks for and the school does not have; each item says who can add it."""
    for section in paper.packet.sections:
        if isinstance(section, ChecklistSection):
            for item, here, mend in section.items:
                if not here:
                    owner, how = _whose(mend)
                    yield Fault(f"Missing: {item}.", f"{how}.", paper.evidence.pupil.id, owner)


def _whose(mend: str) -> tuple[str, str]:
    """An item's mend begins with its owner: `Office: complete it` is the office's, and so is `Office, in the MIS`."""
    owner = re.split(r"[:,]| and ", mend, maxsplit=1)[0]
    how = mend.removeprefix(f"{owner}: ")
    return owner if owner[:2].isupper() else owner[:1].lower() + owner[1:], how


def _fewer(paper: PacketPaper, name: str, endings: tuple[str, ...], what: str, mend: str) -> Iterator[Fault]:
    today = paper.evidence.at.date()
    wanted, since = paper.desk.policy(today).count(name), AcademicYear.of(today).first
    made = sum(event.kind.endswith(endings) and event.at.date() >= since for event in paper.evidence.events)
    if made < wanted:
        says = f"{_so_many(made, what)} recorded this year, {wanted} asked for."
        yield _fault(paper, says, f"{mend}; only what is recorded counts.")


def _fault(paper: PacketPaper, says: str, mend: str) -> Fault:
    return Fault(says, mend, paper.evidence.pupil.id)


def _so_many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _rules(*made: tuple[str, str, Callable[[PacketPaper], Iterator[Fault]]]) -> Mapping[str, LintRule[PacketPaper]]:
    rules = (LintRule(look.__name__.replace("_", "-"), title, owner, look) for title, owner, look in made)
    return {rule.id: rule for rule in rules}


RULES = _rules(
    ("no session is left as N", "attendance_officer", n_left),
    ("no session is without a mark", "attendance_officer", gaps),
    ("each code is valid on its date", "attendance_officer", code_valid),
    ("of compulsory school age", "head", of_age),
    ("enough letters were sent", "attendance_officer", letters),
    ("enough visits were made", "attendance_officer", visits),
    ("support comes before a sanction", "attendance_officer", support),
    ("a further notice may be issued", "head", third_notice),
    ("each parent is known", "office", adults),
    ("the address is complete", "office", address),
    ("contact details were confirmed lately", "office", contacts_fresh),
    ("no other pupil is named", "attendance_officer", others_named),
    ("the register of this year is there", "attendance_officer", register_held),
    ("what the receiver asks for is there", "attendance_officer", complete),
)
"""Every rule, by what an LA's profile calls it."""
