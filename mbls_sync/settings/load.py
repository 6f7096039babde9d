"""Reads the settings of a school: the file, overruled by the variables, and where each value came from.

An unknown key or variable is refused, so that a slip of the pen cannot pass for a setting.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsError,
)

from mbls_sync.errors import ConfigurationError
from mbls_sync.settings.parts import in_our_words
from mbls_sync.settings.settings import FILE, Settings
from mbls_sync.settings.variables import read_variables
from mbls_sync.toml_text import Place, TomlText, read_toml


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
