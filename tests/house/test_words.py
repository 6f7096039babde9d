"""config/events.yaml names every kind of event that a rule reads or that a task or letter records."""

import ast
import importlib
import inspect

from mbls_sync.model.reminders import ENTRY
from mbls_sync.policy.event_kinds import load_event_kinds
from mbls_sync.policy.places import events_file, shipped_config
from mbls_sync.policy.reminders import load_policy, reminders_in
from mbls_sync.registry.discover import find_plugins, import_plugin

NAMED = set(load_event_kinds(events_file(shipped_config())))


def modules():
    plugins = [plugin for plugin in find_plugins() if plugin.target.startswith("mbls_rules")]
    return [module for plugin in plugins for module in import_plugin(plugin)]


def values(node, module):
    """What a text, or the name of a text or of several, stands for in a module; nothing for anything else."""
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.Starred):
        return values(node.value, module)
    if isinstance(node, ast.IfExp):
        return [*values(node.body, module), *values(node.orelse, module)]
    found = getattr(importlib.import_module(module.__name__), node.id, ()) if isinstance(node, ast.Name) else ()
    return [found] if isinstance(found, str) else [value for value in found if isinstance(value, str)]


def event_kinds():
    for module in modules():
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.keyword) and node.arg in ("done_as", "sent_as"):
                yield from values(node.value, module)
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("events_of", "last_event"):
                yield from (value for argument in node.args for value in values(argument, module))


def reminded_of():
    rows = (dict(dated.value) for row in reminders_in(load_policy(shipped_config())) for dated in row.values)
    for row in rows:
        yield from (row.get("on", "").replace(ENTRY, ""), row["done_as"])


def counted_in_packs():
    for dated in load_policy(shipped_config())["analysis.steps"].values:
        yield from (kind for _, kinds in dated.value for kind in kinds.split())


def test_every_kind_of_event_is_explained():
    kinds = {kind for kind in (*event_kinds(), *reminded_of(), *counted_in_packs()) if kind}
    assert len(kinds) > 10
    assert kinds - NAMED == set()
