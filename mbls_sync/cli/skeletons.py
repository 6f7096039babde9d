"""The files of a new plugin, as `new` writes them: they load, and their contract test fails until filled in."""

from __future__ import annotations

MANIFEST = """\
[build-system]
requires = ["hatchling>=1.27,<2"]
build-backend = "hatchling.build"

[project]
name = "mbls-sync-$plugin"
version = "0.1.0"
description = "$title"
license = "MIT"
requires-python = ">=3.11"
dependencies = ["mbls-sync"]

[project.entry-points.mbls_sync]
$plugin = "$package"

[tool.hatch.build.targets.wheel]
packages = ["$package"]

[tool.pytest.ini_options]
addopts = "--import-mode=importlib"
pythonpath = ["."]
"""

PACKAGE = '''\
"""$title."""
'''

RULE = '''\
"""Say the duty in one line, in your own words.

Name of the policy, its section.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_sync.api import History, PolicyAt, Proposal, Pupil, rule


@rule(id="$id", cites="its section", title="$title")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, now: datetime) -> Iterable[Proposal]:
    # Read every number and time from a dated parameter (policy.count("...")), and yield a RaiseTask or another
    # proposal where the duty holds. Other judges and their arguments: plugins/README.md.
    return ()
'''

CASES = """\
- name: nothing to do
  now: 2026-09-08 09:15
  given: {present: 2026-09-01..2026-09-07}
  expect: []
"""

RULE_TEST = '''\
"""What every rule promises holds for $id."""

from $package import $module

from mbls_sync.testing.rule_contract import RuleContract


class Test$title_name(RuleContract):
    module = $module
'''

ADAPTER = '''\
"""Says which MIS this is and how it gives its data."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from mbls_sync.api import AdapterOffer, Bearer, Given, HealthReport, MisError, Page, hookimpl


class Options(BaseModel):
    """What the settings say under [sources.NAME.options]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: Annotated[str, Field(min_length=1)]
    token: SecretStr


class $title_name:
    """Translates and never judges."""

    def __init__(self, options: Options, given: Given) -> None:
        # Deadlines, retries, caps, redaction and errors are in the HTTP that is given.
        self._http = given.connect(options.base_url, {}, auth=Bearer(options.token.get_secret_value()))

    def check(self) -> Iterable[HealthReport]:
        """Whether the MIS answers."""
        try:
            self._http.get("/marks")
        except MisError as error:
            yield HealthReport("mis", False, str(error), "compare base_url and token with the vendor's manual")
        else:
            yield HealthReport("mis", True, "it answers")

    def pull(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        """Every page not yet stored. Yield Page(Resource.MARKS, stream, source, cursor, marks=[MarkRow(...)])."""
        yield from ()


@hookimpl
def offer_adapter() -> AdapterOffer[Options]:
    """$title."""
    return AdapterOffer(name="$name", options=Options, open=$title_name)
'''

ADAPTER_TEST = '''\
"""What every adapter promises holds for $name, against a fake of its MIS on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from $package.$module import offer_adapter

from mbls_sync.testing.adapter_contract import AdapterContract
from mbls_sync.testing.quick_server import QuickServer


class Test$title_name(AdapterContract):
    offer = offer_adapter()
    private = ("Testpupil", "made-up-token")

    @pytest.fixture(autouse=True)
    def _mis(self) -> Iterator[None]:
        with QuickServer() as self.mis:
            self.options = {"base_url": self.mis.url_for(""), "token": "made-up-token"}
            yield

    def prepare(self, folder: Path) -> None:
        # Answer as the MIS does, with made-up marks in it; always the same.
        self.mis.expect_request("/marks").respond_with_json([])
'''

RETURN = '''\
"""Say what the LA is told, and why.

Name of the law or policy, its section.
"""

from collections.abc import Sequence

from mbls_sync.api import ReturnDue, ReturnEntry, ReturnTable, School, la_return


@la_return(id="$name", cites="its section", title="$title")
def write_return(due: ReturnDue, entries: Sequence[ReturnEntry], school: School) -> ReturnTable:
    """A row a pupil, in the columns that the LA wants."""
    return ReturnTable(
        name="$name",
        title=f"$title, {due.period}",
        subtitle=f"{school.name}, due {due.due:%d/%m/%Y}",
        columns=("UPN", "Surname"),
        rows=(),
    )
'''

RETURN_TEST = '''\
"""What every return promises holds for $name."""

from $package import $module

from mbls_sync.testing.return_contract import ReturnContract


class Test$title_name(ReturnContract):
    module = $module
'''

FILES = {
    "rule": {
        "pyproject.toml": MANIFEST,
        "$package/__init__.py": PACKAGE,
        "$package/py.typed": "",
        "$package/$module.py": RULE,
        "cases/$name.yaml": CASES,
        "tests/test_$module.py": RULE_TEST,
    },
    "adapter": {
        "pyproject.toml": MANIFEST,
        "$package/__init__.py": PACKAGE,
        "$package/py.typed": "",
        "$package/$module.py": ADAPTER,
        "tests/test_adapter_$module.py": ADAPTER_TEST,
    },
    "return": {
        "pyproject.toml": MANIFEST,
        "$package/__init__.py": PACKAGE,
        "$package/py.typed": "",
        "$package/$module.py": RETURN,
        "tests/test_return_$module.py": RETURN_TEST,
    },
}
"""The files of each kind of plugin, by path below the plugin's folder."""
