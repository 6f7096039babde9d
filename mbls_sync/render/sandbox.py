"""Where templates that a school edits run: they reach no attribute, no file of another folder, and no end of memory."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mbls_sync.render.html import long_day, short_day

LONGEST = 20_000
"""Characters of the longest letter: some eight pages."""

_WIDENING = ("center", "indent", "format", "truncate", "wordwrap")
"""Filters that make a text of any length out of one number."""


class TooLong(Exception):
    """A template multiplies a text beyond every letter."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which also refuses to multiply a text without end."""

    intercepted_binops = frozenset(("*", "**", "%"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """The value of `left operator right`, for numbers alone."""
        if not (isinstance(left, int | float) and isinstance(right, int | float)) or operator == "**":
            raise TooLong(f"{operator} is for multiplying two numbers only")
        return super().call_binop(context, operator, left, right)


def sandbox(folder: Path) -> Sandbox:
    """The environment of one folder of templates."""
    # Autoescaping is off because this makes plain text; the page that shows it escapes.
    environment = Sandbox(
        loader=FileSystemLoader(folder),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=True,
    )
    filters: dict[str, Callable[..., Any]] = environment.filters
    for name in _WIDENING:
        filters.pop(name)
    filters.update(long_day=long_day, short_day=short_day)
    return environment


def in_template(error: BaseException, file: Path) -> int | None:
    """The line of the template at which an error arose; None where it is not known."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    return frames[-1].lineno if frames else None
