"""Binds the plugins that are named into one registry: rules, papers, senders and adapters, each ready to be called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import pluggy

from mbls_sync.contracts import AdapterOffer, HealthReport
from mbls_sync.declare import PacketInfo, ReturnInfo, RuleInfo, SenderInfo
from mbls_sync.errors import PluginRefused
from mbls_sync.hookspecs import PROJECT, Hooks
from mbls_sync.model.decisions import Failure
from mbls_sync.model.deliveries import RunReport
from mbls_sync.model.papers import PacketSections, ReturnTable
from mbls_sync.model.proposals import Proposal
from mbls_sync.model.sendings import Channel, OutgoingFile, Receipt
from mbls_sync.registry.check import Implementation, implementations
from mbls_sync.registry.discover import FoundPlugin, find_plugins, import_plugin

T = TypeVar("T")


@dataclass(frozen=True)
class BoundRule:
    """A rule, ready to be called alone, so that its failure is its own."""

    info: RuleInfo
    judge: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    plugin: str = ""

    def __call__(self, given: Mapping[str, Any]) -> list[Proposal]:
        """Run the rule to its end, with those of `given` that it names.

        A rule written as a generator raises when it is iterated; the list makes that happen here.
        """
        # By place, not by way of _call: this is the innermost step of a pass, and by name it takes three times as long.
        return list(self._by_place(*self._values(given)) or ())

    @cached_property
    def _values(self) -> Callable[[Mapping[str, Any]], Iterable[Any]]:
        """What the function names, in its order."""
        arguments = self.arguments
        return itemgetter(*arguments) if len(arguments) > 1 else lambda given: [given[name] for name in arguments]

    @cached_property
    def _by_place(self) -> Callable[..., Any]:
        """The function, to be given what it names in its order, also where it takes it by name alone."""
        function, arguments = self.function, self.arguments
        kinds = {parameter.kind for parameter in inspect.signature(function).parameters.values()}
        if inspect.Parameter.KEYWORD_ONLY not in kinds:
            return function
        return lambda *values: function(**dict(zip(arguments, values, strict=True)))


@dataclass(frozen=True, slots=True)
class BoundReturn:
    """A writer of one LA return, ready to be called."""

    info: ReturnInfo
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    plugin: str = ""

    def __call__(self, **given: Any) -> ReturnTable:
        """The return as a table, from those of `given` that the writer names."""
        table: ReturnTable = _call(self.function, self.arguments, given)
        return table


@dataclass(frozen=True, slots=True)
class BoundPacket:
    """A builder of one kind of packet, ready to be called."""

    info: PacketInfo
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    plugin: str = ""

    def __call__(self, **given: Any) -> PacketSections:
        """The packet's sections, from those of `given` that the builder names."""
        sections: PacketSections = _call(self.function, self.arguments, given)
        return sections


@dataclass(frozen=True, slots=True)
class BoundSender:
    """A sender of one kind of channel, ready to be called."""

    info: SenderInfo
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    plugin: str = ""

    def __call__(self, file: OutgoingFile, channel: Channel) -> Receipt:
        """What became of one attempt to send `file`."""
        receipt: Receipt = _call(self.function, self.arguments, {"file": file, "channel": channel})
        return receipt


@dataclass(frozen=True, slots=True)
class LoadedPlugin:
    """A plugin that is in use, and how many hooks it implements."""

    plugin: FoundPlugin
    hooks: tuple[str, ...]


@dataclass(frozen=True)
class Registry:
    """All that the plugins in use can do. Made fresh each time; holds no state."""

    bound: tuple[BoundRule, ...] = ()
    returns: Mapping[str, BoundReturn] = field(default_factory=dict)
    packets: Mapping[str, BoundPacket] = field(default_factory=dict)
    senders: Mapping[str, BoundSender] = field(default_factory=dict)
    adapters: Mapping[str, AdapterOffer[Any]] = field(default_factory=dict)
    watchers: tuple[tuple[str, Implementation], ...] = ()
    found: tuple[FoundPlugin, ...] = ()
    loaded: tuple[LoadedPlugin, ...] = ()
    without: tuple[str, ...] = ()

    def rules(self, hook: str) -> tuple[BoundRule, ...]:
        """The rules of one judge, sorted by id."""
        return tuple(rule for rule in self.bound if rule.judge == hook)

    def check_health(self, now: datetime) -> tuple[HealthReport, ...]:
        """What every plugin says of its health; one that fails to say is a report that is not ok."""
        found: list[HealthReport] = []
        for plugin, implementation in self._watching("check_health"):
            try:
                found += _call(implementation.function, implementation.arguments, {"now": now}) or ()
            except Exception as error:
                says = f"its health check failed: {type(error).__name__}"
                found.append(HealthReport(f"plugin {plugin}", False, says, "tell the plugin's author"))
        return tuple(found)

    def run_finished(self, report: RunReport) -> tuple[Failure, ...]:
        """Tell every watcher that a pass has ended; what failed is given back and changes nothing."""
        failures: list[Failure] = []
        for plugin, implementation in self._watching("run_finished"):
            try:
                _call(implementation.function, implementation.arguments, {"report": report})
            except Exception as error:
                failures.append(Failure(plugin, "run_finished", type(error).__name__))
        return tuple(failures)

    def _watching(self, hook: str) -> Iterable[tuple[str, Implementation]]:
        return ((plugin, implementation) for plugin, implementation in self.watchers if implementation.hook == hook)


def build_registry(
    names: Sequence[str] | None = None, folders: Sequence[Path] = (), without: Sequence[str] = ()
) -> Registry:
    """Load the plugins called `names` (None: all that are found) except those of `without`.

    Only these are imported. Raises PluginRefused, with the plugin's name and the reason, for the first that
    does not keep its contract: a missing rule is a missed duty that nobody sees.
    """
    found = find_plugins(folders)
    wanted = _wanted(found, names, without)
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    implemented = [(plugin, _load(manager, plugin)) for plugin in wanted]
    return _assemble(implemented, found, tuple(without))


def _wanted(found: Sequence[FoundPlugin], names: Sequence[str] | None, without: Sequence[str]) -> list[FoundPlugin]:
    known = {plugin.name for plugin in found}
    for name in (*(names or ()), *without):
        if name not in known:
            there = ", ".join(sorted(known)) or "none"
            raise PluginRefused(f"no plugin is called {name!r}; found: {there}; install it or correct the settings")
    return [p for p in found if (names is None or p.name in names) and p.name not in without]


def _load(manager: pluggy.PluginManager, plugin: FoundPlugin) -> list[Implementation]:
    hooks: list[Implementation] = []
    for module in import_plugin(plugin):
        in_module = implementations(plugin.name, module)
        if in_module:
            manager.register(module, name=f"{plugin.name}:{module.__name__}")
            hooks += in_module
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginRefused(f"plugin {plugin.name!r} was not loaded: {error}") from error
    return hooks


def _assemble(
    implemented: Sequence[tuple[FoundPlugin, list[Implementation]]],
    found: tuple[FoundPlugin, ...],
    without: tuple[str, ...],
) -> Registry:
    flat = [(plugin.name, implementation) for plugin, hooks in implemented for implementation in hooks]
    rules: dict[str, BoundRule] = {}
    returns: dict[str, BoundReturn] = {}
    packets: dict[str, BoundPacket] = {}
    senders: dict[str, BoundSender] = {}
    adapters: dict[str, AdapterOffer[Any]] = {}
    for plugin, it in flat:
        match it.info:
            case RuleInfo() as info:
                _add(rules, info.id, BoundRule(info, it.hook, it.function, it.arguments, plugin), plugin, "rules")
            case ReturnInfo() as info:
                _add(returns, info.id, BoundReturn(info, it.function, it.arguments, plugin), plugin, "returns")
            case PacketInfo() as info:
                _add(packets, info.kind, BoundPacket(info, it.function, it.arguments, plugin), plugin, "packets")
            case SenderInfo() as info:
                _add(senders, info.kind, BoundSender(info, it.function, it.arguments, plugin), plugin, "senders")
            case None if it.hook == "offer_adapter":
                offer = _offer(plugin, it)
                _add(adapters, offer.name, offer, plugin, "adapters")
    return Registry(
        bound=tuple(rules[id] for id in sorted(rules)),
        returns=dict(sorted(returns.items())),
        packets=dict(sorted(packets.items())),
        senders=dict(sorted(senders.items())),
        adapters=dict(sorted(adapters.items())),
        watchers=tuple((plugin, it) for plugin, it in flat if it.hook in ("check_health", "run_finished")),
        found=found,
        loaded=tuple(LoadedPlugin(plugin, tuple(it.hook for it in hooks)) for plugin, hooks in implemented),
        without=without,
    )


def _add(known: dict[str, T], name: str, item: T, plugin: str, what: str) -> None:
    if name in known:
        raise PluginRefused(
            f"plugin {plugin!r} was not loaded: two {what} have the id {name!r}; which one speaks is a guess, "
            f"so give one another id or leave its plugin out"
        )
    known[name] = item


def _offer(plugin: str, implementation: Implementation) -> AdapterOffer[Any]:
    try:
        offer = implementation.function()
    except Exception as error:
        raise PluginRefused(f"plugin {plugin!r} was not loaded: offer_adapter failed: {error!r}") from error
    if not isinstance(offer, AdapterOffer):
        raise PluginRefused(f"plugin {plugin!r} was not loaded: offer_adapter gave no AdapterOffer but {offer!r}")
    return offer


def _call(function: Callable[..., Any], arguments: Sequence[str], given: Mapping[str, Any]) -> Any:
    return function(**{name: given[name] for name in arguments})
