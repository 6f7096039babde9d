"""The cases of all rules, each with the dated values it reads, and whether it holds when one of them is another."""

import importlib
import pkgutil
from collections import UserDict, defaultdict
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import mbls_rules_school

from mbls_sync.policy.proofs import reminder_cases, rule_cases
from mbls_sync.policy.reminders import reminders_in
from mbls_sync.policy.view import Parameter, ParameterKind
from mbls_sync.registry.manager import BoundRule
from mbls_sync.testing.builders import the_parameters
from mbls_sync.testing.cases import Case, load_cases
from mbls_sync.testing.expecting import differences, is_about
from mbls_sync.testing.running import bind, judged

COUNTED = (ParameterKind.TIME, ParameterKind.COUNT, ParameterKind.DAYS, ParameterKind.PERCENT, ParameterKind.DATE)
"""The kinds of values that can be a threshold."""

Asked = tuple[BoundRule, Case]


class Remembering(UserDict[str, Parameter]):
    """The policy of a case, which remembers which values it was asked for by name."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        super().__init__()
        self.asked: set[str] = set()
        self.data = dict(parameters)

    def __getitem__(self, name: str) -> Parameter:
        self.asked.add(name)
        return self.data[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Whether a value is in force is asked in this way, and is no reading."""
        return self.data.get(name, default)

    def values(self) -> ValuesView[Parameter]:
        return self.data.values()

    def items(self) -> ItemsView[str, Parameter]:
        return self.data.items()


def _cases() -> Iterator[Asked]:
    for found in pkgutil.walk_packages(mbls_rules_school.__path__, f"{mbls_rules_school.__name__}."):
        module = importlib.import_module(found.name)
        file = rule_cases(Path(str(module.__file__)))
        if file is not None:
            yield from ((bind(module), case) for case in load_cases(file))


def _of_reminders() -> Iterator[Asked]:
    """The cases of each reminder, in a school whose table has that row only."""
    module = importlib.import_module(f"{mbls_rules_school.__name__}.reminders.rem_01_reminders")
    rows = {row.name: str(dict(row.values[0].value)["id"]) for row in reminders_in(the_parameters())}
    for name, id in rows.items():
        file = reminder_cases(Path(str(module.__file__)), id)
        for case in load_cases(file) if file else ():
            kept = {key: known for key, known in case.world.parameters.items() if key == name or key not in rows}
            yield bind(module), replace(case, world=replace(case.world, parameters=kept))


@cache
def readers() -> Mapping[str, tuple[Asked, ...]]:
    """By parameter, every rule with a case that reads it."""
    found: dict[str, list[Asked]] = defaultdict(list)
    for rule, case in (*_cases(), *_of_reminders()):
        policy = Remembering(case.world.parameters)
        assert holds(rule, replace(case, world=replace(case.world, parameters=policy)))
        for name in policy.asked:
            found[name].append((rule, case))
    return {name: tuple(sorted(some, key=lambda asked: _far(asked[0], name))) for name, some in found.items()}


def _far(rule: BoundRule, parameter: str) -> tuple[bool, bool]:
    """Cases are tried first of rules whose own text names the parameter, then of those that are of its topic."""
    module = rule.function.__module__
    return parameter not in _text_of(module), parameter.partition(".")[0] not in module


@cache
def _text_of(module: str) -> str:
    return Path(str(importlib.import_module(module).__file__)).read_text(encoding="utf-8")


def holds(rule: BoundRule, case: Case) -> bool:
    """Whether the rule asks for just what the case expects, and could judge."""
    found = judged(rule, case.world)
    asked = [decision.proposal for decision in found.decisions if not is_about(decision.proposal, "Classmate")]
    return not found.failures and not differences(case.wishes, asked)


def with_value(case: Case, parameter: Parameter) -> Case:
    return replace(case, world=replace(case.world, parameters={**case.world.parameters, parameter.name: parameter}))


def moved(parameter: Parameter, by: int) -> Parameter:
    """The parameter, with every value it ever has moved by one of its own unit: a minute, a day, a point, one."""
    values = (replace(dated, value=_plus(dated.value, by)) for dated in parameter.values)
    return replace(parameter, values=tuple(values))


def _plus(value: object, by: int) -> object:
    match value:
        case None:
            return None
        case date():
            return value + timedelta(days=by)
        case _ if hasattr(value, "hour"):
            return (datetime.combine(date(2000, 1, 1), value) + timedelta(minutes=by)).time()
        case _:
            return value + by
