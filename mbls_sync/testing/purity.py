"""What the source of a rule may not do: look at the clock, at files, at the network, or past the API."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from types import ModuleType

ALLOWED = frozenset(
    "__future__ collections dataclasses datetime decimal enum fractions functools itertools math operator re "
    "statistics string textwrap types typing mbls_sync.api".split()
)
"""What a rule may import, beside modules of its own package."""
CLOCKS = frozenset({"now", "today", "utcnow", "time_ns", "monotonic", "perf_counter"})
"""Methods that read the clock wherever they are called on a class."""
DOORS = frozenset({"open", "print", "input", "exec", "eval", "__import__", "compile", "globals"})
"""Built-in functions through which a rule would reach beyond its arguments."""


def faults(module: ModuleType) -> tuple[str, ...]:
    """Everything that a rule may not do, in its module and in those of its own package that it imports.

    Each fault names file and line.
    """
    seen: dict[str, ModuleType] = {}
    _collect(module, seen)
    return tuple(fault for each in seen.values() for fault in _in_module(each))


def _collect(module: ModuleType, seen: dict[str, ModuleType]) -> None:
    """The module and every loaded module of its package that it imports, directly or not."""
    if module.__name__ in seen:
        return
    seen[module.__name__] = module
    for name in _imported(ast.parse(inspect.getsource(module))):
        helper = sys.modules.get(name)
        if helper is not None and _top(name) == _top(module.__name__):
            _collect(helper, seen)


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _in_module(module: ModuleType) -> Iterator[str]:
    file = str(module.__file__).rpartition("/")[2]
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        yield from (f"{file}: {fault}" for fault in _of(node, _top(module.__name__)))


def _top(name: str) -> str:
    return name.partition(".")[0]


def _of(node: ast.AST, own: str) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            for name in names:
                yield from _import(name.name, own, node.lineno)
        case ast.ImportFrom(module=name, level=0):
            yield from _import(name or "", own, node.lineno)
        case ast.Call(func=ast.Attribute(attr=called, value=ast.Name() | ast.Attribute())) if called in CLOCKS:
            yield f"line {node.lineno}: calls {called}(); the moment is the argument `now`"
        case ast.Call(func=ast.Name(id=called)) if called in DOORS:
            yield f"line {node.lineno}: calls {called}(); a rule sees its arguments only"
        case ast.Global() | ast.Nonlocal():
            yield f"line {node.lineno}: keeps state between calls; a rule answers from its arguments only"


def _import(name: str, own: str, line: int) -> Iterator[str]:
    top = _top(name)
    if name not in ALLOWED and top not in ALLOWED - {"mbls_sync.api"} and top != own:
        yield f"line {line}: imports {name}; a rule imports mbls_sync.api and arithmetic only"
