"""How this school runs mbls-sync: DIR/mbls-sync.toml, then the MBLS_* variables; nothing else reads the environment.

A variable is named after its place: `MBLS_MODE`, `MBLS_SCHOOL__NAME`, `MBLS_TASK_LIST__MAIL__PASSWORD`. A
secret may stand in a file that `MBLS_…_FILE` names. An unknown key or variable is refused, so that a slip of
the pen cannot pass for a setting.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import BaseModel, PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from mbls_sync.errors import ConfigurationError
from mbls_sync.model.deliveries import Mode
from mbls_sync.model.papers import School
from mbls_sync.policy.places import shipped_config
from mbls_sync.settings_parts import ChannelPart, LogPart, SchoolPart, SourcePart, TaskListPart, in_our_words
from mbls_sync.toml_text import Place, TomlText, read_toml

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


def load_settings(folder: Path, env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of the school in `folder`. Raises ConfigurationError, one line for each thing to mend."""
    file = folder / FILE
    if not file.is_file():
        raise ConfigurationError(
            f"there is no {FILE} here; `mbls-sync init {folder}` writes one, or name the school's folder with -C DIR",
            file=file,
        )
    text = read_toml(file)
    variables, named = read_variables(os.environ if env is None else env)
    try:
        settings = _validated(text, variables)
    except ValidationError as error:
        raise _refused(error, text, named) from None
    except SettingsError as error:
        raise _no_json(error, named) from None
    settings._folder = folder.absolute()
    settings._origins = dict(_origins(settings, text, named))
    return settings


def read_variables(env: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The MBLS_* variables by name, those in files read, and for each place the variable that set it."""
    values: dict[str, str] = {}
    named: dict[str, str] = {}
    for name in sorted(env):
        if not name.startswith(PREFIX):
            _refuse_small_letters(name)
            continue
        target, from_file = _target(name)
        if target in values:
            raise ConfigurationError(f"{target} and {target}_FILE are both set; one would win silently: unset one")
        values[target] = _secret(name, env[name]) if from_file else env[name]
        named[".".join(_place(target))] = f"{name} ({env[name]})" if from_file else name
    return values, named


def _refuse_small_letters(name: str) -> None:
    if name.upper().startswith(PREFIX):
        raise ConfigurationError(
            f"{name} is in the environment and would not be read: write it in capitals, as {name.upper()}, or unset it"
        )


def _target(name: str) -> tuple[str, bool]:
    if _is_setting(_place(name)):
        return name, False
    stem = name.removesuffix("_FILE")
    if stem != name and _is_setting(_place(stem)):
        return stem, True
    raise ConfigurationError(f"{name} is in the environment and no setting has that name; unset it or correct it")


def _place(name: str) -> tuple[str, ...]:
    return tuple(name.removeprefix(PREFIX).lower().split("__"))


def _is_setting(place: tuple[str, ...]) -> bool:
    """Whether the models have such a place; below a table of free keys anything goes."""
    kind: Any = Settings
    for part in place:
        if get_origin(kind) is dict:
            kind = get_args(kind)[1]
            continue
        models = [kind, *get_args(kind)]
        model = next((m for m in models if isinstance(m, type) and issubclass(m, BaseModel)), None)
        if model is None:
            return kind is Any
        if part not in model.model_fields:
            return False
        kind = model.model_fields[part].annotation
    return True


def _secret(name: str, file: str) -> str:
    if not file:
        raise ConfigurationError(f"{name} is set and names no file; name one, or unset it")
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise ConfigurationError(f"{name} names a file that is not UTF-8; save it again as UTF-8", file=file) from None
    except OSError as error:
        raise ConfigurationError(
            f"{name} names a file that cannot be read ({error.strerror}); correct the name, or let this user read it",
            file=file,
        ) from None
    if not secret:
        raise ConfigurationError(f"{name} names a file that holds nothing; write the secret into it", file=file)
    return secret


def _validated(text: TomlText, variables: Mapping[str, str]) -> Settings:
    class Here(Settings):
        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], *_: Any, **__: Any
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            env = EnvSettingsSource(settings_cls)
            env.env_vars = {name.lower(): value for name, value in variables.items()}
            return env, InitSettingsSource(settings_cls, init_kwargs=dict(text.values))

    return Here()  # type: ignore[call-arg]  # its fields come from the two sources


def _refused(error: ValidationError, text: TomlText, named: Mapping[str, str]) -> ConfigurationError:
    """All that is wrong, one line each, with the file and line or the variable that says it."""
    items = error.errors()
    # A list with a wrong item in it is said to be too short as well, which it is not.
    inner = {item["loc"][:-1] for item in items}
    wrong = [item for item in items if item["type"] != "too_short" or item["loc"] not in inner]
    found = [_problem(item["loc"], item["type"], item["msg"], text, named) for item in wrong]
    first, *more = sorted(found, key=lambda one: (one.line or 0, str(one)))
    return ConfigurationError("\n".join([str(first), *map(str, more)])) if more else first


def _no_json(error: SettingsError, named: Mapping[str, str]) -> ConfigurationError:
    """Which variable holds no JSON; never what it holds."""
    field = re.search(r'field "(\w+)"', str(error))
    top = field[1] if field else ""
    variables = [named[name] for name in sorted(named) if name == top or name.startswith(f"{top}.")]
    said = " or ".join(variables) or "a variable"
    return ConfigurationError(
        f"""{said} is no JSON, which a list or a table in a variable must be; write it as '["one", "two"]'"""
    )


def _problem(place: Place, kind: str, says: str, text: TomlText, named: Mapping[str, str]) -> ConfigurationError:
    name = ".".join(map(str, place))
    says = in_our_words(kind, says)
    variable = next((named[key] for key in named if name == key or name.startswith(key + ".")), None)
    table = name.rpartition(".")[0]
    if kind == "missing" and variable is None and not text.holds(place[:-1]):
        # The table is not in the file at all: a variable has begun it, perhaps by a slip in its name.
        begun = next((named[key] for key in named if table and key.startswith(f"{table}.")), None)
        if begun is not None:
            return ConfigurationError(f"{begun} begins {table}, and {name} {says}; or correct the variable's name")
    if variable is not None:
        return ConfigurationError(f"{variable}: {name}: {says}")
    return ConfigurationError(f"{name}: {says}", file=text.file, line=text.line(place))


def _origins(settings: Settings, text: TomlText, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for place in _places(settings.model_dump()):
        name = ".".join(place)
        variable = next((named[key] for key in named if name == key or name.startswith(key + ".")), None)
        if variable is not None:
            yield name, variable
        elif text.holds(place):
            yield name, f"{text.file.name}:{text.line(place)}"


def _places(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in values.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _places(value, (*above, key))
