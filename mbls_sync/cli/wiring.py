"""Puts the parts together for one school: settings, policy, plugins, sources and store become one office."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from mbls_sync.cli.channels import ways_of
from mbls_sync.clock import Clock, now
from mbls_sync.contracts import Adapter, Given, capabilities_of
from mbls_sync.delivery.dispatch import Folders
from mbls_sync.errors import ConfigurationError, ParameterError, PluginRefused
from mbls_sync.logs import logger
from mbls_sync.mis_http.connector import Connector
from mbls_sync.mis_http.contract import Connect
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.la_profile import LaProfile
from mbls_sync.pipeline.parts import DELIVER, EVERYTHING, PULL, PassInputs, Source
from mbls_sync.policy.benchmarks import Benchmark, load_benchmarks
from mbls_sync.policy.calendars import load_calendar
from mbls_sync.policy.codebook import CodeBook, load_codes
from mbls_sync.policy.event_kinds import EventKind, known_kinds
from mbls_sync.policy.la_profiles import choose, laid_over, load_profiles
from mbls_sync.policy.load import parameter_files
from mbls_sync.policy.places import (
    benchmarks_file,
    calendar_folder,
    codes_file,
    parameter_folder,
    profile_folder,
    shipped_config,
)
from mbls_sync.policy.reminders import load_policy
from mbls_sync.policy.view import Parameter, PolicyAt
from mbls_sync.registry.manager import Registry, build_registry
from mbls_sync.settings.load import load_settings
from mbls_sync.settings.parts import SourcePart, in_our_words
from mbls_sync.settings.settings import Settings
from mbls_sync.store.database import Store, open_store
from mbls_sync.store.signing import SigningKey, a_key, read_key
from mbls_sync.timetable import Timetable

SHOWN = 5
"""How many of many missing parameters are named; `check` names all."""


@dataclass(frozen=True)
class Office:
    """One school's parts. Each is read when it is first asked for, and refuses what is not exactly right."""

    settings: Settings
    without: tuple[str, ...] = ()
    clock: Clock = now

    @cached_property
    def zone(self) -> ZoneInfo:
        """The school's time zone."""
        return ZoneInfo(self.settings.zone)

    def signing_key(self) -> SigningKey | None:
        """The key that signs tombstones, as set or as the first purge made it; None where there is none yet."""
        given = self.settings.signing_key
        return read_key(self.settings.signing_key_file) if given is None else a_key(given.get_secret_value())

    @cached_property
    def calendar(self) -> SchoolCalendar:
        """The school's calendar."""
        return load_calendar(calendar_folder(self.settings.config_folder), self.zone)

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The dated parameters of the policy, with the LA's own values laid over them."""
        return laid_over(load_policy(self.settings.config_folder), self.profile)

    def refuse_gaps(self) -> None:
        """Raise ConfigurationError where the policy lacks what this version reads: half of the duties would be missed.

        No value is taken in its place: what is not in the school's own folder nobody there has decided.
        """
        folder, shipped = parameter_folder(self.settings.config_folder), parameter_folder(shipped_config())
        if gaps := [name for name, _ in parameter_files(shipped) if name not in self.parameters]:
            more = f" and {len(gaps) - SHOWN} more" if len(gaps) > SHOWN else ""
            raise ConfigurationError(
                f"lacks {', '.join(gaps[:SHOWN])}{more}, which this version reads, so nothing was done; "
                f"{how_to_add(self.settings.folder)}, then `mbls-sync check` looks at the rest",
                file=folder,
            )

    @cached_property
    def profile(self) -> LaProfile:
        """How the school's LA takes its returns."""
        given = self.settings
        try:
            return choose(load_profiles(profile_folder(given.config_folder)), given.la_profile, given.school.la_code)
        except ParameterError:
            raise
        except ConfigurationError as error:
            raise ConfigurationError(f"{given.origin('la_profile')}: {error}") from error

    @cached_property
    def codebook(self) -> CodeBook:
        """The national codes."""
        return load_codes(codes_file(self.settings.config_folder))

    @cached_property
    def event_kinds(self) -> Mapping[str, EventKind]:
        """The kinds of events that may be recorded."""
        return known_kinds(self.settings.config_folder, self.parameters)

    @cached_property
    def benchmarks(self) -> tuple[Benchmark, ...]:
        """The published figures that the school is compared with; none where there is no such file."""
        file = benchmarks_file(self.settings.config_folder)
        return load_benchmarks(file) if file.is_file() else ()

    @cached_property
    def registry(self) -> Registry:
        """The plugins that the settings name, less those left out."""
        given = self.settings
        try:
            return build_registry(given.plugins, given.folders_of_plugins, self.without)
        except PluginRefused as error:
            if error.file is not None:
                raise
            raise PluginRefused(f"{given.origin('plugins')}: {error}") from error

    @cached_property
    def connector(self) -> Connector:
        """What opens HTTP for sources; it keeps its tokens from pass to pass."""
        return Connector(self.clock, time.sleep, _tell)

    @cached_property
    def asking(self) -> Connector:
        """What opens HTTP for a person who waits: an MIS in trouble is said to be so at once, and not asked again."""
        return Connector(self.clock, time.sleep, attempts=1)

    @cached_property
    def timetable(self) -> Timetable:
        """When passes are due."""
        return Timetable(self.calendar, self.policy)

    def policy(self, day: date) -> PolicyAt:
        """The policy on a day."""
        return PolicyAt(self.parameters, day)

    def local_now(self) -> datetime:
        """The present moment in the school's zone."""
        return self.clock().astimezone(self.zone)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, made where it is missing, and closed at the end."""
        if self.settings.database_url is None:
            self.settings.data_folder.mkdir(parents=True, exist_ok=True)
        store = open_store(self.settings.database, self.settings.school.id)
        try:
            yield store
        finally:
            store.close()

    def sources(self) -> tuple[Source, ...]:
        """Every source of the settings, opened."""
        given = self.settings.sources
        return tuple(Source(name, self.adapter(name, part), part.resources) for name, part in given.items())

    def inputs(self, store: Store, do: frozenset[str] = EVERYTHING, fence: int = 0) -> PassInputs:
        """All that a pass is given."""
        given = self.settings
        self.refuse_gaps()
        return PassInputs(
            store=store,
            registry=self.registry,
            sources=self.sources() if PULL in do or DELIVER in do else (),
            school=given.the_school(),
            calendar=self.calendar,
            parameters=self.parameters,
            codebook=self.codebook,
            clock=self.clock,
            folders=self.folders,
            benchmarks=self.benchmarks,
            mode=given.mode,
            go_live=given.go_live,
            fence=fence,
            do=do,
            ways=ways_of(given, self.registry) if DELIVER in do else (),
            outgoing=given.data_folder / "outgoing",
            profile=self.profile,
        )

    @property
    def folders(self) -> Folders:
        """Where papers go."""
        given = self.settings
        return Folders(
            out=given.out_folder,
            templates=given.config_folder / "letters",
            shared=given.locate(given.shared_folder),
            task_list=given.locate(given.task_list.folder),
        )

    def adapter(self, name: str, source: SourcePart, connect: Connect | None = None) -> Adapter:
        """One source, opened. Raises ConfigurationError for an adapter or option that is not known."""
        offer = self.registry.adapters.get(source.adapter)
        if offer is None:
            there = ", ".join(self.registry.adapters) or "none"
            place = self.settings.origin("sources", name, "adapter")
            raise ConfigurationError(
                f"{place}: sources.{name}.adapter is {source.adapter!r}; the plugins in use offer: {there}. Correct "
                f"the name, or add its plugin to `plugins`"
            )
        try:
            options = offer.options.model_validate(source.options)
        except ValidationError as error:
            raise self._refused(name, error) from None
        given = Given(self.settings.folder, self.calendar, self.clock, time.sleep, connect or self.connector)
        try:
            adapter = offer.open(options, given)
        except ConfigurationError as error:
            raise ConfigurationError(f"{self.settings.origin('sources', name)}: sources.{name}: {error}") from None
        if unsaid := capabilities_of(adapter) - offer.can:
            raise ConfigurationError(
                f"{self.settings.origin('sources', name, 'adapter')}: the adapter {source.adapter!r} can do what its "
                f"offer does not name ({', '.join(sorted(unsaid))}), so nobody decided that it may; its author adds it "
                "to `can`"
            )
        return adapter

    def _refused(self, name: str, error: ValidationError) -> ConfigurationError:
        """What is wrong with a source's options; never the value, which may be a secret."""
        lines = []
        for item in error.errors():
            # What is wrong with all of them together stands at no key of its own.
            key = ("sources", name, "options", *map(str, item["loc"]))
            lines.append(f"{self._nearest(key)}: {'.'.join(key)}: {in_our_words(item['type'], item['msg'])}")
        return ConfigurationError("\n".join(lines))

    def _nearest(self, key: tuple[str, ...]) -> str:
        """Where a key stands; for one that is missing, where the table around it does."""
        shorter = (key[:size] for size in range(len(key), 0, -1))
        return next((where for part in shorter if (where := self.settings.origin(*part)) != "default"), "default")


def how_to_add(folder: Path) -> str:
    """What an admin types after an update, to add what the new version ships."""
    return f"after an update, `mbls-sync init {shlex.quote(str(folder))} --missing` adds what is new as it is shipped"


def open_office(folder: Path, *, without: Sequence[str] | None = None, clock: Clock = now) -> Office:
    """The office of the school in `folder`. Raises ConfigurationError where its settings are not right."""
    return Office(load_settings(folder), tuple(without or ()), clock)


def _tell(event: str, **facts: object) -> None:
    logger().warning(event, **facts)
