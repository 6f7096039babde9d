"""Every setting of one school: its kind, its default, and the paths and addresses that follow from it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import PrivateAttr, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mbls_sync.model.deliveries import Mode
from mbls_sync.model.papers import School
from mbls_sync.policy.places import shipped_config
from mbls_sync.settings.parts import ChannelPart, LogPart, SchoolPart, SourcePart, TaskListPart

FILE = "mbls-sync.toml"
PREFIX = "MBLS_"
MASK = "********"
# Up to the last @: a password in which somebody forgot to write %40 is masked whole.
PASSWORD = re.compile(r"(?<=://)([^:/@]*):.*@|(?<=[?&])(\w*password)=[^&]*", re.IGNORECASE)
BESIDE = re.compile(r"(sqlite(?:\+\w+)?:///)(?![/:])(.+)")
"""An SQLite file whose path is not absolute."""


class Settings(BaseSettings):
    """Every setting of one school. Relative paths are against the school's folder."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    school: SchoolPart
    sources: dict[str, SourcePart] = {}
    channels: dict[str, ChannelPart] = {}
    mode: Mode = Mode.SHADOW
    go_live: date | None = None
    plugins: tuple[str, ...] = ()
    plugin_folders: tuple[Path, ...] = ()
    zone: str = "Europe/London"
    la_profile: str = ""
    database_url: SecretStr | None = None
    signing_key: SecretStr | None = None
    config: Path | None = None
    out: Path = Path("out")
    shared_folder: Path | None = None
    task_list: TaskListPart = TaskListPart()
    log: LogPart = LogPart()

    _folder: Path = PrivateAttr(default=Path())
    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{name!r} is no time zone; the school's is Europe/London") from None
        return name

    @property
    def folder(self) -> Path:
        """The school's own folder, absolute."""
        return self._folder

    @property
    def file(self) -> Path:
        """The settings file."""
        return self._folder / FILE

    @property
    def config_folder(self) -> Path:
        """Calendar, codes, policy and letters: as set, else DIR/config, else what is shipped."""
        if self.config is not None:
            return self._folder / self.config
        own = self._folder / "config"
        return own if own.is_dir() else shipped_config()

    @property
    def out_folder(self) -> Path:
        """Where every output goes."""
        return self._folder / self.out

    @property
    def data_folder(self) -> Path:
        """Where the database and the sign of life lie."""
        return self._folder / "data"

    @property
    def signing_key_file(self) -> Path:
        """Where the key lies that signs tombstones, where none is set."""
        return self.data_folder / "signing.key"

    @property
    def database(self) -> str:
        """The store's address; SQLite in the data folder where nothing is set. It may hold a password."""
        if self.database_url is not None:
            url = self.database_url.get_secret_value()
            beside = BESIDE.fullmatch(url)
            return f"{beside[1]}{self._folder / beside[2]}" if beside else url
        return f"sqlite:///{self.data_folder / 'mbls-sync.sqlite3'}"

    @property
    def shown_database(self) -> str:
        """The store's address without its password."""
        return PASSWORD.sub(lambda m: f"{m[2]}={MASK}" if m[2] else f"{m[1]}:{MASK}@", self.database)

    @property
    def folders_of_plugins(self) -> tuple[Path, ...]:
        """The folders that are searched for plugins beside what is installed."""
        return tuple(self._folder / folder for folder in self.plugin_folders)

    def the_school(self) -> School:
        """The school as papers show it."""
        return School(**self.school.model_dump())

    def origin(self, *place: str) -> str:
        """Where a value came from: `FILE:LINE`, a variable, or `default`."""
        return self._origins.get(".".join(place), "default")

    def locate(self, path: Path | None) -> Path | None:
        """A path of the settings, against the school's folder."""
        return None if path is None else self._folder / path
