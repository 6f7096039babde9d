"""`mbls-sync config show`: every setting, its value with secrets masked, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import typer
from pydantic import BaseModel, SecretStr

from mbls_sync.cli.show import Format, FormatOption, show
from mbls_sync.cli.wiring import open_office
from mbls_sync.contracts import AdapterOffer
from mbls_sync.declare import SenderInfo
from mbls_sync.errors import ConfigurationError
from mbls_sync.settings.load import load_settings
from mbls_sync.settings.settings import MASK, Settings

Offer = AdapterOffer[Any] | SenderInfo
"""What says which options a source or channel has."""

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Show every setting and where it came from.")


@app.callback()
def _root() -> None:
    """Keep `show` a command of its own."""


@app.command("show")
def show_settings(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Show every setting, its value and its origin; secrets are masked."""
    settings = load_settings(ctx.obj)
    show(list(rows(settings, _offers(ctx))), ("setting", "value", "origin"), form)


def rows(settings: Settings, offers: Mapping[str, Offer]) -> Iterator[dict[str, Any]]:
    """One row a setting. An option of a source or channel is masked unless its plugin says that it is no secret."""
    known = {("sources", name): offers.get(source.adapter) for name, source in settings.sources.items()}
    known |= {("channels", name): offers.get(channel.kind) for name, channel in settings.channels.items()}
    for place, value in _leaves(settings.model_dump()):
        yield {
            "setting": ".".join(place),
            "value": _shown(settings, place, value, known),
            "origin": settings.origin(*place),
        }


def _offers(ctx: typer.Context) -> Mapping[str, Offer]:
    try:
        registry = open_office(ctx.obj).registry
        return {name: sender.info for name, sender in registry.senders.items()} | dict(registry.adapters)
    except ConfigurationError:
        # A plugin that does not load must not hide the settings that explain why; its options stay masked.
        return {}


def _leaves(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _shown(
    settings: Settings, place: tuple[str, ...], value: Any, offers: Mapping[tuple[str, str], Offer | None]
) -> Any:
    if place == ("database_url",):
        return settings.shown_database
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else ""
    if len(place) > 3 and place[0] in ("sources", "channels") and place[2] == "options":
        offer = offers.get((place[0], place[1]))
        field = offer.options.model_fields.get(place[3]) if offer else None
        return value if field is not None and not _may_hold_secret(field.annotation) else MASK
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return "" if value is None else str(value)


def _may_hold_secret(kind: Any) -> bool:
    """Whether a secret may stand anywhere within values of this type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return any(_may_hold_secret(field.annotation) for field in kind.model_fields.values())
    return "Secret" in str(kind) or any(_may_hold_secret(inner) for inner in get_args(kind))
