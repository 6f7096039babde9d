"""Letters from templates that the school edits: text first, and the same text as a page.

A template is a file of config/letters, `support-letter.j2`. Its first line is the subject. What stands in
`{{ … }}` is filled from the pupil's facts; a name that is not known stops the letter, naming file and line,
so that no parent ever reads a gap. Templates are edited by people who are not programmers, so they run in a
sandbox that reaches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mbls_sync.errors import ConfigurationError
from mbls_sync.render.cells import readable
from mbls_sync.render.html import long_day, short_day

_FULL_LINE = re.compile(r"^(.{60,})\n(?=\S)", re.MULTILINE)
"""A line that was only ended because the file's page is no wider; what goes on below belongs to it."""


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter's subject and its text; a blank line parts two paragraphs."""

    subject: str
    body: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text by paragraphs."""
        return tuple(part.strip() for part in self.body.split("\n\n") if part.strip())


def letter_text(folder: Path, template: str, values: Mapping[str, object]) -> LetterText:
    """Fill one template. Raises ConfigurationError naming the file, the line and what is missing."""
    file = folder / f"{template}.j2"
    found = _template(file)
    try:
        text = found.render(values)
    except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        known = ", ".join(sorted(values))
        raise ConfigurationError(
            f"cannot be filled: {error}; correct the name in the template. Known are {known}", file=file
        ) from None
    subject, _, body = readable(text).strip().partition("\n")
    return LetterText(subject.strip(), _FULL_LINE.sub(r"\1 ", body.strip()) + "\n")


def check_template(folder: Path, template: str) -> None:
    """Read one template and fill in nothing. Raises ConfigurationError naming the file and the line."""
    _template(folder / f"{template}.j2")


def _template(file: Path) -> Template:
    try:
        return _environment(file.parent).get_template(file.name)
    except TemplateNotFound:
        raise ConfigurationError("there is no such letter; write the template", file=file) from None
    except TemplateSyntaxError as error:
        raise ConfigurationError(f"cannot be read: {error.message}", file=file, line=error.lineno) from None
    except UnicodeDecodeError:
        raise ConfigurationError("is not UTF-8; save it again as UTF-8", file=file) from None


@lru_cache(maxsize=8)
def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    """The templates of a folder, each read once; one that was edited since is read anew."""
    # Autoescaping is off because this makes plain text; the page that shows it escapes.
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=True,
    )
    environment.filters.update(long_day=long_day, short_day=short_day)
    return environment
