"""Texts with `{name}` in them, and what each stands for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

NAME = re.compile(r"\{([a-z_]+)\}")
"""Braces around anything else are the MIS's own: in `{page:{page}}` only the inner pair is ours."""


def filled(template: Any, values: Mapping[str, Any]) -> Any:
    """The template with every `{name}` in its place. A text that is one name alone becomes the value, number or not."""
    if isinstance(template, dict):
        return {key: filled(item, values) for key, item in template.items()}
    if isinstance(template, list):
        return [filled(item, values) for item in template]
    if not isinstance(template, str):
        return template
    alone = NAME.fullmatch(template)
    if alone and alone[1] in values:
        return values[alone[1]]
    return NAME.sub(lambda found: str(values.get(found[1], found[0])), template)


def text_filled(template: str, values: Mapping[str, Any]) -> str:
    """The same for a text that stays one."""
    return str(filled(template, values))


def unknown_names(template: Any, known: Collection[str]) -> set[str]:
    """The names in a template that stand for nothing."""
    return set(_names(template)) - set(known)


def _names(template: Any) -> Iterator[str]:
    if isinstance(template, dict):
        for item in template.values():
            yield from _names(item)
    elif isinstance(template, list | tuple):
        for item in template:
            yield from _names(item)
    elif isinstance(template, str):
        yield from NAME.findall(template)
