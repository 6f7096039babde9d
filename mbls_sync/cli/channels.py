"""Opens the channels of the settings, each with its sender; what is not exactly right is refused by file and line."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from mbls_sync.delivery.by_hand import BY_HAND
from mbls_sync.delivery.sending import Way
from mbls_sync.errors import ConfigurationError, PaperRefused
from mbls_sync.model.sendings import Channel
from mbls_sync.registry.manager import BoundSender, Registry
from mbls_sync.render.archive import Seal, refuse_weak
from mbls_sync.settings.parts import ChannelPart, in_our_words
from mbls_sync.settings.settings import Settings

PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]*")


def ways_of(given: Settings, registry: Registry) -> tuple[Way, ...]:
    """Every channel of the settings. Raises ConfigurationError for a kind or option that is not known."""
    for name in given.channels:
        if not PLAIN.fullmatch(name) or name == BY_HAND:
            raise ConfigurationError(
                f"{given.origin('channels', name)}: channels.{name}: a channel is called by small letters, digits and "
                f"hyphens, such as la-sftp, and not {BY_HAND}; rename it"
            )
    return tuple(way_of(given, registry, name, part) for name, part in given.channels.items())


def way_of(given: Settings, registry: Registry, name: str, part: ChannelPart) -> Way:
    """One channel of the settings, ready."""
    sender = registry.senders.get(part.kind)
    if sender is None:
        there = ", ".join(registry.senders) or "none"
        raise ConfigurationError(
            f"{given.origin('channels', name, 'kind')}: channels.{name}.kind is {part.kind!r}; the plugins in use "
            f"offer: {there}. Correct the name, or add its plugin to `plugins`"
        )
    passphrase = part.passphrase.get_secret_value()
    if part.seal is not Seal.NONE:
        _check_passphrase(given, name, passphrase)
    return Way(
        channel=Channel(name, _options(given, name, part, sender), given.folder),
        sender=sender,
        papers=part.papers,
        recipient=part.recipient,
        seal=part.seal,
        passphrase=passphrase,
        endings=part.endings,
    )


def _check_passphrase(given: Settings, name: str, passphrase: str) -> None:
    try:
        refuse_weak(passphrase)
    except PaperRefused as error:
        where = given.origin("channels", name)
        variable = f"MBLS_CHANNELS__{name.upper()}__PASSPHRASE_FILE"
        raise ConfigurationError(
            f"{where}: channels.{name} seals what it sends, and {error}. Write it into a file that {variable} "
            f"names, and give it to the receiver by another way than the file"
        ) from None


def _options(given: Settings, name: str, part: ChannelPart, sender: BoundSender) -> Any:
    try:
        return sender.info.options.model_validate(part.options)
    except ValidationError as error:
        lines = []
        for item in error.errors():
            key = ".".join(map(str, item["loc"]))
            place = given.origin("channels", name, "options", key)
            place = place if place != "default" else given.origin("channels", name)
            says = in_our_words(item["type"], item["msg"])
            lines.append(f"{place}: channels.{name}.options{f'.{key}' if key else ''}: {says}")
        # Never the value, which may be a secret.
        raise ConfigurationError("\n".join(lines)) from None
