"""Finds plugins by their one manifest: the entry points of group `mbls_sync`, installed or in a folder.

A plugin in a folder is a distribution whose `pyproject.toml` says `[project.entry-points.mbls_sync]`. Its
folder is appended to the path, never prepended, so that an installed copy wins. Nothing is imported here
but what is asked for by name.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from mbls_sync.errors import PluginRefused

GROUP = "mbls_sync"


@dataclass(frozen=True, slots=True)
class FoundPlugin:
    """A plugin that could be loaded: its name, the package it is, and where it was found.

    `folder` is None for an installed one.
    """

    name: str
    target: str
    where: str
    version: str = ""
    folder: Path | None = None


def find_plugins(folders: Sequence[Path] = ()) -> tuple[FoundPlugin, ...]:
    """Every plugin that is installed or lies in one of `folders`, by name; an installed copy hides its folder's.

    Raises PluginRefused when one name leads to two different packages, or a manifest cannot be read.
    """
    found: dict[str, FoundPlugin] = {}
    for plugin in [*_installed(), *_in_folders(folders)]:
        known = found.setdefault(plugin.name, plugin)
        if known.target != plugin.target:
            raise PluginRefused(
                f"two plugins are called {plugin.name!r}: {known.target} ({known.where}) and {plugin.target} "
                f"({plugin.where}); which one would run is a guess, so rename one"
            )
    return tuple(found[name] for name in sorted(found))


def import_plugin(plugin: FoundPlugin) -> tuple[ModuleType, ...]:
    """Import a plugin's package with every module in it, in order of their names.

    Raises PluginRefused, with the plugin's name and the reason, when an import fails.
    """
    if plugin.folder is not None and str(plugin.folder) not in sys.path:
        sys.path.append(str(plugin.folder))
        importlib.invalidate_caches()
    package = _import(plugin, plugin.target)
    if plugin.folder is not None and not _lies_in(package, plugin.folder):
        raise PluginRefused(
            f"plugin {plugin.name!r} was not loaded: its package {plugin.target} is hidden by another of that name "
            f"at {package.__file__}; rename the package"
        )
    names = sorted(
        module.name for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{plugin.target}.")
    )
    return (package, *(_import(plugin, name) for name in names))


def _import(plugin: FoundPlugin, name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise PluginRefused(
            f"plugin {plugin.name!r} was not loaded: importing {name} failed with "
            f"{type(error).__name__}: {error}; mend it, or leave it out with --without {plugin.name}"
        ) from error


def _lies_in(package: ModuleType, folder: Path) -> bool:
    places = [Path(place).resolve() for place in getattr(package, "__path__", ())]
    places += [Path(package.__file__).resolve()] if package.__file__ else []
    return any(place.is_relative_to(folder.resolve()) for place in places)


def _installed() -> Iterable[FoundPlugin]:
    return [_of_entry_point(point) for point in entry_points(group=GROUP)]


def _of_entry_point(point: EntryPoint) -> FoundPlugin:
    distribution = point.dist
    if distribution is None:
        return FoundPlugin(point.name, point.value, "installed")
    return FoundPlugin(point.name, point.value, f"installed as {distribution.name}", distribution.version)


def _in_folders(folders: Sequence[Path]) -> Iterator[FoundPlugin]:
    for folder in folders:
        for manifest in sorted(folder.glob("*/pyproject.toml")):
            yield from _in_manifest(manifest)


def _in_manifest(manifest: Path) -> Iterator[FoundPlugin]:
    try:
        project = tomllib.loads(manifest.read_text(encoding="utf-8")).get("project", {})
        points = dict(project.get("entry-points", {}).get(GROUP, {}))
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise PluginRefused(f"the plugin's manifest cannot be read ({error}); mend it", file=manifest) from error
    for name, target in points.items():
        where = str(manifest.parent)
        yield FoundPlugin(name, str(target), where, str(project.get("version", "")), manifest.parent)
