"""The bytes of an export as lines of text."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass

NUL_SHARE_OF_UTF16 = 0.2
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """The lines of a file, each with its line end, and what a person should know about how they were read."""

    lines: list[str]
    encoding: str
    warnings: tuple[str, ...] = ()


def read_text(content: bytes, encoding: str = "auto") -> Text:
    """Decode a file. Nothing is refused: what cannot be decoded becomes `�`, with a warning."""
    name, skip = _encoding(content, encoding)
    body = content[skip:]
    warnings: list[str] = []
    try:
        text = body.decode(name)
    except UnicodeDecodeError as error:
        name = _second_choice(name, encoding, body, error)
        text, damaged = _forgiving(body, name)
        if damaged:
            warnings.append(f"{damaged} characters could not be read as {name} and stand as �; export the file again")
    if "\0" in text:
        # PostgreSQL stores no NUL, and no export has a reason to hold one.
        text = text.replace("\0", "�")
        warnings.append("the file holds NUL characters, which stand as �; it may be damaged")
    if text and text[-1] not in "\r\n":
        warnings.append("the last line has no line end, so the file may have been cut off there; look at its end")
    return Text(_lines(text), name, tuple(warnings))


def _lines(text: str) -> list[str]:
    # Not StringIO, which holds four bytes for every character of the export.
    return io.TextIOWrapper(io.BytesIO(text.encode("utf-8")), "utf-8", newline=None).readlines()


def _encoding(content: bytes, wanted: str) -> tuple[str, int]:
    for bom, name in BOMS:
        if content.startswith(bom) and wanted in ("auto", name, name[:6]):
            return name, len(bom)
    if wanted == "utf-16":
        return "utf-16-le", 0
    if wanted != "auto":
        return wanted, 0
    start = content[:4096]
    if start.count(0) > NUL_SHARE_OF_UTF16 * len(start):
        return ("utf-16-le" if start[1::2].count(0) >= start[0::2].count(0) else "utf-16-be"), 0
    return "utf-8", 0


def _second_choice(name: str, wanted: str, body: bytes, error: UnicodeDecodeError) -> str:
    """Text that is not UTF-8 is taken for cp1252, unless it is UTF-8 that was cut within its last character."""
    cut_off = len(body) - error.start < 4 and error.start > 0 and error.reason == "unexpected end of data"
    return "cp1252" if name == "utf-8" and wanted == "auto" and not cut_off else name


def _forgiving(body: bytes, name: str) -> tuple[str, int]:
    text = body.decode(name, errors="replace")
    return text, text.count("�")
