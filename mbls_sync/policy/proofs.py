"""Where the cases of a duty stand: a file a rule and a file a reminder, each case a name and whether it asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mbls_sync.policy.yaml_text import read_yaml


@dataclass(frozen=True, slots=True)
class CaseName:
    """One case of a file: what it is called, and whether it expects anything."""

    name: str
    asks: bool
    file: Path


def rule_cases(module_file: Path) -> Path | None:
    """The file of cases of a rule's module: `cases/<its name in kebab-case>.yaml` in a folder above it."""
    return _above(module_file, f"{module_file.stem.replace('_', '-')}.yaml")


def reminder_cases(module_file: Path, id: str) -> Path | None:
    """The file of cases of one reminder: `cases/reminders/<id>.yaml` in a folder above the module that reads it."""
    return _above(module_file, f"reminders/{id}.yaml")


def case_names(file: Path) -> Iterator[CaseName]:
    """The cases of a file. Raises ParameterError, with file and line, for a file that is none of cases."""
    for node in read_yaml(file).items("a file of cases"):
        said = node.fields("a case", ("name", "now", "expect"), ("given",))
        yield CaseName(said["name"].filled("name"), bool(said["expect"].items("expect")), file)


def _above(module_file: Path, name: str) -> Path | None:
    found = (folder / "cases" / name for folder in module_file.parents)
    return next((file for file in found if file.is_file()), None)
