"""The MBLS_* variables of the environment: which setting each is, and the secrets that stand in files.

A variable is named after its place: `MBLS_MODE`, `MBLS_SCHOOL__NAME`, `MBLS_TASK_LIST__MAIL__PASSWORD`. A
secret may stand in a file that `MBLS_…_FILE` names. One that is no setting is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from mbls_sync.errors import ConfigurationError
from mbls_sync.settings.settings import PREFIX, Settings


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
