"""The list of duties and the rules agree: no duty is claimed that no rule does, and no rule is unlisted."""

import ast
import re

import pytest

from mbls_sync.cli.duties import READS_REMINDERS, cases, proofs
from mbls_sync.policy.coverage import By, cites_known, load_coverage, load_sections
from mbls_sync.policy.load import load_parameters
from mbls_sync.policy.places import coverage_file, parameter_folder, shipped_config
from mbls_sync.policy.reminders import load_policy, reminders_in
from mbls_sync.registry.manager import build_registry

FILE = coverage_file(shipped_config())
DUTIES = load_coverage(FILE)
REGISTRY = build_registry()
RULES = {bound.info.id for bound in REGISTRY.bound}


def test_a_duty_that_is_done_by_a_rule_names_one_that_exists():
    assert {duty.id: duty.where for duty in DUTIES if duty.by is By.RULE and duty.where not in RULES} == {}


def test_every_rule_stands_in_the_list():
    readers = {rule.info.id for rule in REGISTRY.rules(READS_REMINDERS)}
    assert {duty.where for duty in DUTIES if duty.by is By.RULE} == RULES - readers


def test_a_duty_is_reminded_of_by_rows_that_exist_and_every_row_serves_its_duty():
    rows = [dict(row.values[0].value) for row in reminders_in(load_policy(shipped_config()))]
    named = {(id.strip(), duty.id) for duty in DUTIES if duty.by is By.REMINDER for id in duty.where.split(";")}
    assert named == {(row["id"], row["duty"]) for row in rows if by_of(row["duty"]) is By.REMINDER}
    assert {row["duty"] for row in rows} <= {duty.id for duty in DUTIES}


def by_of(id):
    return next((duty.by for duty in DUTIES if duty.id == id), None)


@pytest.mark.parametrize("duty", [d for d in DUTIES if d.by in (By.RULE, By.REMINDER)], ids=lambda duty: duty.id)
def test_a_duty_has_a_case_that_asks_and_a_case_that_does_not(duty):
    found = cases(duty, REGISTRY)
    assert {case.asks for case in found} == {True, False}
    assert proofs(duty, REGISTRY), f"no case of {duty.where} is called {duty.proof!r} and expects something"


@pytest.mark.parametrize("duty", [d for d in DUTIES if d.by is By.CORE], ids=lambda duty: duty.id)
def test_a_duty_of_the_core_names_a_test_that_exists(duty):
    file, _, name = duty.proof.partition("::")
    place = shipped_config().parent / file
    assert place.is_file(), f"{duty.id} names {duty.proof!r}; write proof: tests/…/test_….py::test_…"
    assert re.search(rf"^\s*def {re.escape(name.rpartition('::')[2])}\(", place.read_text(encoding="utf-8"), re.M)


def test_a_duty_left_for_later_has_no_rule_yet():
    assert {duty.id for duty in DUTIES if duty.by is not By.RULE} & RULES == set()


def test_a_rule_cites_a_section_that_the_policy_has():
    sections = load_sections(FILE)
    papers = [*REGISTRY.returns.values(), *REGISTRY.packets.values()]
    strangers = {
        bound.info.title: bound.info.cites
        for bound in [*REGISTRY.bound, *papers]
        if not cites_known(bound.info.cites, sections)
    }
    assert strangers == {}


def test_every_parameter_has_a_reader():
    """A value that nothing reads is a promise that nothing keeps."""
    root = shipped_config().parent
    sources = [*root.glob("mbls_sync/**/*.py"), *root.glob("plugins/*/mbls_*/**/*.py")]
    patterns = [pattern for path in sources for pattern in names_read(ast.parse(path.read_text(encoding="utf-8")))]
    parameters = load_parameters(parameter_folder(shipped_config()))
    assert [name for name in parameters if not any(pattern.fullmatch(name) for pattern in patterns)] == []


def names_read(tree):
    """A pattern for each dotted text in the code, and each f-string that makes one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value.strip("."):
            yield re.compile(re.escape(node.value))
        elif isinstance(node, ast.JoinedStr) and re.search(r"[a-z_]{3,}\.", "".join(_texts(node))):
            yield re.compile("".join(re.escape(part) if part else "[a-z0-9_]+" for part in _texts(node)))


def _texts(node):
    return [part.value if isinstance(part, ast.Constant) else "" for part in node.values]
