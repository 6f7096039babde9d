"""Seeded faults in a return and a packet: the kit catches each, by the test that is meant for it."""

import importlib.util
import sys

import pytest

from mbls_sync.testing.packet_contract import PacketContract
from mbls_sync.testing.return_contract import ReturnContract

RETURN = '''"""The termly register check.

Attendance policy 2023, Appendix A, 5.
"""

from collections.abc import Sequence

from mbls_sync.api import ReturnDue, ReturnEntry, ReturnTable, la_return


@la_return(id="register-check", cites="Appendix A, 5", title="termly register check")
def write_return(due: ReturnDue, entries: Sequence[ReturnEntry]) -> ReturnTable:
    ordered = sorted(entries, key=lambda entry: (entry.pupil.surname, entry.pupil.id))
    rows = tuple((entry.pupil.surname, entry.figures.possible) for entry in ordered)
    return ReturnTable(due.name, "Register check", due.period, ("Surname", "Possible"), rows)
'''
PACKET = '''"""The case put to the EWO.

Attendance policy 2023, Appendix A, 10.
"""

from mbls_sync.api import ChecklistSection, Evidence, FactsSection, HerringboneSection, PacketSections, monday, packet


@packet(kind="ewo", cites="Appendix A, 10", title="referral to the EWO")
def build_packet(evidence: Evidence) -> PacketSections:
    weeks = {}
    for line in evidence.marks:
        row = weeks.setdefault(monday(line.session.day), [""] * 10)
        row[line.session.day.weekday() * 2 + (line.session.period == "PM")] = line.code
    items = (("address", bool(evidence.pupil.address), "the office"),)
    sections = (
        FactsSection("Pupil", (("Name", evidence.pupil.legal_name),)),
        HerringboneSection("Register", tuple((week, tuple(row)) for week, row in weeks.items()), ()),
        ChecklistSection("Missing", items),
    )
    missing = tuple(item[0] for item in items if not item[1])
    return PacketSections("ewo", "Referral", evidence.pupil.legal_name, sections, missing)
'''


@pytest.fixture
def load(tmp_path):
    """Loads a module from text, with one change."""

    def make(text, old, new):
        assert old in text
        file = tmp_path / "made_up_paper.py"
        file.write_text(text.replace(old, new, 1))
        spec = importlib.util.spec_from_file_location("made_up_papers.made_up_paper", file)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    yield make
    sys.modules.pop("made_up_papers.made_up_paper", None)


def failing(contract, module):
    """The names of the contract's tests that fail on a module."""
    cls = type("TestMutant", (contract,), {"module": module, "__module__": __name__})
    failed = set()
    for name in sorted(name for name in dir(cls) if name.startswith("test_")):
        try:
            getattr(cls(), name)()
        except Exception:
            failed.add(name)
    return failed


@pytest.mark.parametrize(("contract", "text"), [(ReturnContract, RETURN), (PacketContract, PACKET)])
def test_a_sound_paper_keeps_the_contract(load, contract, text):
    assert failing(contract, load(text, "", "")) == set()


SORTED = "sorted(entries, key=lambda entry: (entry.pupil.surname, entry.pupil.id))"
RETURN_FAULTS = {
    "keeps the order it was given": (SORTED, "entries", "test_the_order_of_entries_does_not_matter"),
    "drops the last": (
        "for entry in ordered)",
        "for entry in ordered[:-1])",
        "test_no_entry_is_dropped_and_none_is_made_up",
    ),
    "writes one twice": (
        "for entry in ordered)",
        "for entry in ordered + ordered[:1])",
        "test_no_entry_is_dropped_and_none_is_made_up",
    ),
    "a cell too many": ("entry.figures.possible)", "entry.figures.possible, 1)", "test_every_row_fits_its_columns"),
    "one head for two columns": ('"Possible")', '"Surname")', "test_every_row_fits_its_columns"),
    "fails about nobody": (
        "    rows =",
        "    entries[0]\n    rows =",
        "test_a_return_about_nobody_is_a_table_without_rows",
    ),
    "cites another section": ("Appendix A, 5.", "Definitions.", "test_its_docstring_names_the_section_it_cites"),
    "reads the clock": ("    rows =", "    import time\n    rows =", "test_the_same_entries_give_the_same_table"),
    "is no return": ("@la_return(id=", "@packet(kind=", "test_it_keeps_the_rules_of_the_registry"),
}


@pytest.mark.parametrize(("old", "new", "meant"), RETURN_FAULTS.values(), ids=RETURN_FAULTS)
def test_a_seeded_fault_in_a_return_is_caught(load, old, new, meant):
    text = RETURN.replace("la_return\n", "la_return, packet\n", 1)
    assert meant in failing(ReturnContract, load(text, old, new))


PACKET_FAULTS = {
    "remembers the last pupil": (
        "    weeks = {}",
        "    SEEN.append(evidence.pupil.legal_name)\n    weeks = {}",
        "test_nothing_about_another_pupil_is_in_it",
    ),
    "drops the afternoons": ('(line.session.period == "PM")', "0", "test_every_mark_is_in_it"),
    "a week of nine sessions": ('[""] * 10', '[""] * 11', "test_every_section_is_whole"),
    "says nothing of what is missing": (
        "if not item[1]",
        "if False",
        "test_what_is_missing_is_said_and_not_left_blank",
    ),
    "needs marks": (
        "    weeks = {}",
        "    weeks = {}\n    evidence.marks[0]",
        "test_a_pupil_of_whom_little_is_known_still_gets_a_packet",
    ),
    "another kind": ('PacketSections("ewo"', 'PacketSections("pn"', "test_it_keeps_the_rules_of_the_registry"),
}


@pytest.mark.parametrize(("old", "new", "meant"), PACKET_FAULTS.values(), ids=PACKET_FAULTS)
def test_a_seeded_fault_in_a_packet_is_caught(load, old, new, meant):
    text = PACKET.replace("\n\n@packet", "\nSEEN = []\n\n@packet", 1)
    text = text.replace('("Name", evidence.pupil.legal_name)', '("Name", " ".join([evidence.pupil.legal_name, *SEEN]))')
    assert meant in failing(PacketContract, load(text, old, new))
