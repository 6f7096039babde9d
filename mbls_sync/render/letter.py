"""Letters from templates that the school edits: text first, and the same text as a page and on paper.

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

from jinja2 import Template, TemplateError, TemplateNotFound, TemplateSyntaxError

from mbls_sync.errors import ConfigurationError
from mbls_sync.render.cells import readable
from mbls_sync.render.sandbox import LONGEST, Sandbox, TooLong, in_template, sandbox

_FULL_LINE = re.compile(r"^(.{60,})\n(?!- )(?=\S)", re.MULTILINE)
"""A line that was only ended because the file's page is no wider; what goes on below belongs to it."""

CERTIFICATE, TEXT = "-certificate", "-text"
MESSAGES = (TEXT, "-email")
"""How the name of a template ends that is hung up, or is sent to a telephone or as an e-mail."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list, whose lines began with a hyphen."""

    lines: tuple[str, ...]
    is_list: bool


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter's subject and its text; a blank line parts two paragraphs. `template` is its file's stem."""

    subject: str
    body: str
    template: str = ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text by paragraphs and lists."""
        parts = [part.strip() for part in self.body.split("\n\n") if part.strip()]
        return tuple(block for part in parts for block in _blocks(part))

    @property
    def layout(self) -> str:
        """How it looks: a letter, or a certificate."""
        return "certificate" if self.template.endswith(CERTIFICATE) else "letter"

    @property
    def is_for_paper(self) -> bool:
        """Whether it is printed or attached, and no message for a telephone or an e-mail's text."""
        return not self.template.endswith(MESSAGES)


def letter_text(folder: Path, template: str, values: Mapping[str, object]) -> LetterText:
    """Fill one template. Raises ConfigurationError naming the file, the line and what is missing."""
    file = folder / f"{template}.j2"
    found = _template(file)
    try:
        text = found.render(values)
    except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError, TooLong) as error:
        known = ", ".join(sorted(values))
        raise ConfigurationError(
            f"cannot be filled: {error}; correct the name in the template. Known are {known}",
            file=file,
            line=in_template(error, file),
        ) from None
    if len(text) > LONGEST:
        raise ConfigurationError(f"makes a letter of {len(text)} characters; {LONGEST} are allowed", file=file)
    subject, _, body = readable(text).strip().partition("\n")
    return LetterText(subject.strip(), _FULL_LINE.sub(r"\1 ", body.strip()) + "\n", template)


def _blocks(part: str) -> tuple[Block, ...]:
    """Lines that begin with a hyphen are a list, the others around them paragraphs."""
    found: list[Block] = []
    for line in part.splitlines():
        is_list = line.startswith("- ")
        text = line.removeprefix("- ").strip() if is_list else line
        if found and found[-1].is_list == is_list:
            found[-1] = Block((*found[-1].lines, text), is_list)
        else:
            found.append(Block((text,), is_list))
    return tuple(found)


def _template(file: Path) -> Template:
    try:
        return _environment(file.parent).get_template(file.name)
    except TemplateNotFound:
        raise ConfigurationError(
            "there is no such letter; write it, or `mbls-sync init DIR --missing`", file=file
        ) from None
    except TemplateSyntaxError as error:
        raise ConfigurationError(f"cannot be read: {error.message}", file=file, line=error.lineno) from None
    except UnicodeDecodeError:
        raise ConfigurationError("is not UTF-8; save it again as UTF-8", file=file) from None


@lru_cache(maxsize=8)
def _environment(folder: Path) -> Sandbox:
    """The templates of a folder, each read once; one that was edited since is read anew."""
    return sandbox(folder)
