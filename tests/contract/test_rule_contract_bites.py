"""Seeded faults: the kit catches each, by the test that is meant for it."""

import importlib.util
import sys
import types

import pytest

from mbls_sync.testing.rule_contract import RuleContract

SOUND = '''"""A pupil absent at the close of the register, with no message, is called about that day.

Attendance policy 2023, Absence procedures.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from mbls_sync.api import History, PolicyAt, Proposal, PupilSession, RaiseTask, Rank, rule


@rule(id="FDC-03", cites="Absence procedures", title="absent without a message: call home")
def judge_session(
    pupil_session: PupilSession, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    if pupil_session.is_explained or history.message_covers(pupil_session):
        return
    deadline = pupil_session.at(policy.time_of_day("first_day_calling.starts_at"))
    if now >= deadline:
        yield RaiseTask(
            kind="call-home",
            title="Call home",
            why="Absent, and nobody has called.",
            due=deadline,
            role="office",
            rank=Rank.NO_CONTACT,
            pupil=pupil_session.pupil,
            occasion=str(pupil_session.session),
        )
'''

CASES = """\
- name: nobody has called at a quarter past nine
  now: 2026-09-08 09:15
  given: {marks: {2026-09-08 AM: N}}
  expect:
    - {task: call-home, role: office, due: 2026-09-08 09:15, pupil: P1, rank: no_contact, why: nobody has called}
- name: a minute earlier it is too early
  now: 2026-09-08 09:14
  given: {marks: {2026-09-08 AM: N}}
  expect: []
- name: home has called
  now: 2026-09-08 09:15
  given:
    marks: {2026-09-08 AM: N}
    messages: [{at: 2026-09-08 08:20, reason: a cold}]
  expect: []
"""


@pytest.fixture
def contract(tmp_path):
    """A contract class over the sound rule, with one change."""
    names = []

    def make(old="", new="", cases=CASES, stem="fdc_03_call_home", **attributes):
        assert old in SOUND
        file = tmp_path / "made_up" / f"{stem}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(SOUND.replace(old, new, 1) if old else SOUND)
        (tmp_path / "cases").mkdir(exist_ok=True)
        (tmp_path / "cases" / f"{stem.replace('_', '-')}.yaml").write_text(cases)
        spec = importlib.util.spec_from_file_location(f"made_up_rules.{stem}", file)
        module = importlib.util.module_from_spec(spec)
        names.append(spec.name)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return type("TestMutant", (RuleContract,), {"module": module, "__module__": __name__, **attributes})

    yield make
    for name in names:
        sys.modules.pop(name, None)


def failing(cls):
    """The names of the contract's tests that fail on a class."""
    failed = set()
    for name in sorted(name for name in dir(cls) if name.startswith("test_")):
        test = getattr(cls(), name)
        try:
            if test is not None:
                test()
        except Exception:
            failed.add(name)
    return failed


def test_a_sound_rule_keeps_the_contract(contract):
    assert failing(contract()) == set()


PURE, HOLD, NO_GUESS = "test_it_is_pure", "test_its_cases_hold", "test_it_refuses_to_guess_before_the_policy_began"
READS = 'policy.time_of_day("first_day_calling.starts_at")'
GUESSES = """\
    try:
        when = policy.time_of_day("first_day_calling.starts_at")
    except Exception:
        when = time(9, 15)
    deadline = pupil_session.at(when)
"""
FAULTS = {
    "reads the wall clock": ("if now >=", "if datetime.now(deadline.tzinfo) >=", PURE),
    "imports the clock": ("from datetime import datetime, time", "import time\nfrom datetime import datetime", PURE),
    "looks past the API": ("from mbls_sync.api", "import mbls_sync.store\nfrom mbls_sync.api", PURE),
    "opens a file": ("    if now >=", "    open(__file__).close()\n    if now >=", PURE),
    "off by one at the deadline": ("if now >=", "if now >", HOLD),
    "early by a minute": ("if now >=", "if now.replace(minute=now.minute + 1) >=", HOLD),
    "a time of the policy in the code": (READS, "time(9, 15)", NO_GUESS),
    "guesses before the policy began": (f"    deadline = pupil_session.at({READS})\n", GUESSES, NO_GUESS),
    "cites another section": (
        "Absence procedures.\n",
        "Definitions.\n",
        "test_its_docstring_names_the_section_it_cites",
    ),
    "calls about everybody": (
        "if pupil_session.is_explained or ",
        "if ",
        "test_it_is_silent_about_a_pupil_who_is_always_here",
    ),
    "ignores messages": (" or history.message_covers(pupil_session)", "", HOLD),
    "says another role": ('role="office"', 'role="head"', HOLD),
    "never speaks": ("if now >=", "if False and now >=", "test_it_speaks_when_triggered"),
    "a default": ("now: datetime\n", "now: datetime = None\n", "test_it_keeps_the_rules_of_the_registry"),
}


@pytest.mark.parametrize(("old", "new", "meant"), FAULTS.values(), ids=FAULTS)
def test_a_seeded_fault_is_caught_by_the_test_meant_for_it(contract, old, new, meant):
    assert meant in failing(contract(old, new))


def test_a_file_that_is_not_named_after_its_rule_is_caught(contract):
    assert "test_it_keeps_the_rules_of_the_registry" in failing(contract(stem="call_home"))


def test_a_rule_that_divides_by_nothing_is_caught(contract):
    pupil_rule = SOUND[SOUND.index("@rule") :]
    mutant = contract(
        pupil_rule,
        '@rule(id="FDC-03", cites="Absence procedures", title="made up")\n'
        "def judge_pupil(history: History, policy: PolicyAt) -> Iterable[Proposal]:\n"
        "    share = history.figures.attended / history.figures.possible\n"
        "    return []\n",
    )
    assert "test_it_is_silent_about_a_pupil_of_whom_nothing_is_known" in failing(mutant)


def test_cases_of_one_sort_only_are_not_enough(contract):
    speaking, silent = CASES[: CASES.index("- name: a minute")], CASES[CASES.index("- name: a minute") :]
    assert HOLD in failing(contract(cases=speaking))
    assert "test_it_speaks_when_triggered" in failing(contract(cases=silent))


def test_a_contract_test_that_is_removed_is_caught(contract):
    assert failing(contract(test_it_is_pure=None)) == {"test_the_contract_is_whole"}


def test_a_contract_test_that_is_replaced_is_caught(contract):
    assert "test_the_contract_is_whole" in failing(contract(test_it_is_pure=lambda self: None))


def test_a_contract_test_may_be_expected_to_fail_with_a_reason(contract):
    @pytest.mark.xfail(reason="the LA asks for it")
    def test_it_is_pure(self):
        RuleContract.test_it_is_pure(self)

    assert failing(contract(test_it_is_pure=test_it_is_pure)) == set()


def test_without_a_reason_it_may_not(contract):
    @pytest.mark.xfail
    def test_it_is_pure(self):
        RuleContract.test_it_is_pure(self)

    assert failing(contract(test_it_is_pure=test_it_is_pure)) == {"test_the_contract_is_whole"}


def test_the_guard_itself_cannot_be_replaced(contract):
    with pytest.raises(TypeError, match="keeps the contract whole"):
        contract(test_the_contract_is_whole=lambda self: None)


def test_a_helper_that_looks_at_the_clock_is_caught(contract, tmp_path, monkeypatch):
    (tmp_path / "helper.py").write_text("import time\n")
    (tmp_path / "__init__.py").write_text('"""Made up."""\n')
    for name, file in (("made_up_rules", "__init__.py"), ("made_up_rules.helper", "helper.py")):
        module = types.ModuleType(name)
        module.__file__ = str(tmp_path / file)
        module.__path__ = []
        monkeypatch.setitem(sys.modules, name, module)
    mutant = contract("from mbls_sync.api", "import made_up_rules.helper\nfrom mbls_sync.api")
    assert failing(mutant) == {PURE}
