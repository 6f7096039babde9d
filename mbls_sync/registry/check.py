"""Refuses, at load and by name, a plugin that does not keep its contract.

A misspelt hook, a default or a wrong annotation would each be a duty that is silently missed; so a plugin
that is not exactly right stops the start.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from mbls_sync.declare import PacketInfo, ReturnInfo, RuleInfo, SenderInfo, declared_by
from mbls_sync.errors import PluginRefused
from mbls_sync.hookspecs import PROJECT, Hooks

Info = RuleInfo | ReturnInfo | PacketInfo | SenderInfo
RULE_ID = re.compile(r"[A-Z]{2,4}-\d{2}")
ALWAYS_HOOKS = ("judge_", "offer_")
"""A public function with such a name is meant as a hook wherever it stands."""
HOOKS_BESIDE_HOOKS = (*ALWAYS_HOOKS, "write_", "build_", "send_", "check_", "run_")
"""In a module that implements a hook, a public function with such a name is meant as one too."""
NOT_ALLOWED = {
    "wrapper": "could rewrite what other rules answer",
    "hookwrapper": "could rewrite what other rules answer",
    "tryfirst": "makes the result depend on the order of rules",
    "trylast": "makes the result depend on the order of rules",
    "specname": "hides which hook a function is",
    "optionalhook": "would let a misspelt hook pass",
}


@dataclass(frozen=True, slots=True)
class Implementation:
    """One function that implements a hook, found in a module and found right."""

    hook: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    info: Info | None
    module: str


def implementations(plugin: str, module: ModuleType) -> tuple[Implementation, ...]:
    """Every hook that a module implements, in the module's order. Raises PluginRefused for one that is not right."""
    own = tuple(_own_functions(module))
    _refuse_misspelt(plugin, own)
    return tuple(_checked(plugin, function) for function in own if _options(function) is not None)


@cache
def hook_names() -> tuple[str, ...]:
    """The name of every hook, in the order of the specification."""
    return tuple(name for name in vars(Hooks) if hasattr(getattr(Hooks, name), f"{PROJECT}_spec"))


@cache
def hook_arguments(hook: str) -> Mapping[str, Any]:
    """The arguments of a hook, by name, each with the type it is given as."""
    hints = typing.get_type_hints(getattr(Hooks, hook))
    names = list(inspect.signature(getattr(Hooks, hook)).parameters)[1:]
    return {name: hints[name] for name in names}


def _own_functions(module: ModuleType) -> Iterator[FunctionType]:
    for name, member in vars(module).items():
        if isinstance(member, FunctionType) and member.__module__ == module.__name__ and not name.startswith("_"):
            yield member


def _options(function: Callable[..., Any]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = getattr(function, f"{PROJECT}_impl", None)
    return found


def _refuse_misspelt(plugin: str, own: tuple[FunctionType, ...]) -> None:
    has_hooks = any(_options(function) is not None for function in own)
    prefixes = HOOKS_BESIDE_HOOKS if has_hooks else ALWAYS_HOOKS
    for function in own:
        name = function.__name__
        if name in hook_names() and _options(function) is None:
            raise _refused(
                plugin, function, f"{name} is not declared; put @rule, @la_return, @packet, @sender or @hookimpl on it"
            )
        if name not in hook_names() and (_options(function) is not None or name.startswith(prefixes)):
            raise _refused(
                plugin,
                function,
                f"{name} is no hook and would never be called; the hooks are {', '.join(hook_names())} "
                f"(begin a helper's name with _)",
            )


def _checked(plugin: str, function: FunctionType) -> Implementation:
    hook = function.__name__
    for option, harm in NOT_ALLOWED.items():
        if (_options(function) or {}).get(option):
            raise _refused(plugin, function, f"{hook} uses {option}, which {harm}; remove it")
    _check_arguments(plugin, function)
    info = declared_by(function)
    _check_declaration(plugin, function, info)
    return Implementation(hook, function, tuple(inspect.signature(function).parameters), info, function.__module__)


def _check_arguments(plugin: str, function: FunctionType) -> None:
    hook, allowed = function.__name__, hook_arguments(function.__name__)
    hints = _hints(plugin, function)
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in allowed or parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            offered = ", ".join(allowed) or "none"
            raise _refused(plugin, function, f"{hook} asks for {str(parameter)!r}; its arguments are: {offered}")
        if parameter.default is not parameter.empty:
            raise _refused(plugin, function, f"{hook} gives a default to {name!r}; name it plainly")
        if hints.get(name) != allowed[name]:
            raise _refused(
                plugin,
                function,
                f"{hook} annotates {name!r} as {_shown(hints.get(name))}; it is given as {_shown(allowed[name])}",
            )


def _hints(plugin: str, function: FunctionType) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except Exception as error:
        problem = f"the annotations of {function.__name__} cannot be read ({error}); import their names for real"
        raise _refused(plugin, function, problem) from error


def _check_declaration(plugin: str, function: FunctionType, info: Info | None) -> None:
    hook = function.__name__
    wanted, mark = _declaration_of(hook)
    if not isinstance(info, wanted):
        raise _refused(plugin, function, f"{hook} does not say which section made it; declare it with {mark}")
    if info is None:
        return
    if isinstance(info, SenderInfo):
        if not (info.kind.strip() and info.title.strip()):
            raise _refused(plugin, function, f"{hook} does not say what it is; give {mark} kind= and title=")
        return
    if not (info.cites.strip() and info.title.strip()):
        raise _refused(plugin, function, f"{hook} cites nothing; give {mark} cites= and title=")
    if isinstance(info, RuleInfo):
        _check_rule_name(plugin, function, info)


def _declaration_of(hook: str) -> tuple[type[Any], str]:
    if hook.startswith("judge_"):
        return RuleInfo, "@rule"
    made: dict[str, tuple[type[Any], str]] = {
        "write_return": (ReturnInfo, "@la_return"),
        "build_packet": (PacketInfo, "@packet"),
        "send_file": (SenderInfo, "@sender"),
    }
    return made.get(hook, (type(None), "@hookimpl alone"))


def _check_rule_name(plugin: str, function: FunctionType, info: RuleInfo) -> None:
    if not RULE_ID.fullmatch(info.id):
        raise _refused(plugin, function, f"the rule's id {info.id!r} is not one of the catalogue, such as FDC-03")
    stem, wanted = function.__module__.rpartition(".")[2], info.id.lower().replace("-", "_")
    if stem != wanted and not stem.startswith(f"{wanted}_"):
        raise _refused(plugin, function, f"rule {info.id} stands in {stem}.py; name its file {wanted}_….py")


def _refused(plugin: str, function: FunctionType, problem: str) -> PluginRefused:
    code = function.__code__
    return PluginRefused(
        f"plugin {plugin!r} was not loaded: {problem}", file=Path(code.co_filename), line=code.co_firstlineno
    )


def _shown(hint: Any) -> str:
    return "nothing" if hint is None else getattr(hint, "__name__", None) or str(hint)
