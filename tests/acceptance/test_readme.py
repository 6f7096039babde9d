"""What README.md tells a newcomer to type exists."""

import json
import re
from pathlib import Path

import pytest

from mbls_sync.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = [line[2:] for block in re.findall(r"```console\n(.*?)```", README, re.S) for line in block.splitlines()]
TYPED = [line.partition("#")[0].strip() for line in CONSOLE if line]


def test_the_readme_begins_with_what_a_newcomer_types():
    assert TYPED[:2] == ["make demo", "make test"]


@pytest.mark.parametrize("line", [line for line in TYPED if line.startswith("make ")])
def test_every_make_target_is_there(line):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{line.split()[1]}:", makefile, re.M)


def test_every_command_stands_in_the_table_and_no_other():
    table = README.partition("| command | does |")[2].partition("| exit code")[0]
    assert {name.split()[0] for name in re.findall(r"^\| `([^`]+)`", table, re.M)} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(run, name):
    answer = run(name, "--help")
    assert answer.code == 0
    assert "Usage" in answer.out


def test_the_json_of_figures_is_the_one_documented(school):
    documented = json.loads(re.search(r"```json\n(.*?)```", README, re.S)[1])
    school.run("pull")
    printed = json.loads(school.run("figures", "--format", "json").out)
    assert list(printed) == list(documented)
    assert list(printed["rows"][0]) == list(documented["rows"][0])


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_link_leads_somewhere(link):
    assert (ROOT / link).exists()
