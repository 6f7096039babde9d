"""What the source of a rule may not do: look at the clock, at files, at the network, or past the API."""

from __future__ import annotations

import ast
import inspect
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
    """Everything in the source of a module that a rule may not do, each with its line."""
    own = module.__name__.partition(".")[0]
    tree = ast.parse(inspect.getsource(module))
    return tuple(fault for node in ast.walk(tree) for fault in _of(node, own))


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
    top = name.partition(".")[0]
    if name not in ALLOWED and top not in ALLOWED - {"mbls_sync.api"} and top != own:
        yield f"line {line}: imports {name}; a rule imports mbls_sync.api and arithmetic only"
