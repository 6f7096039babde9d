"""A body as plain values: JSON, CSV or XML in; dictionaries, lists and texts out."""

from __future__ import annotations

import codecs
import csv
import io
import json
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from mbls_adapter_rest.twice import one_each
from mbls_sync.api import BadPayload

DEEPEST = 100


COMMA = ","
OTHERS = ";\t|"
"""What divides the cells of a CSV where no comma does."""


def decoded(body: bytes, form: str, delimiter: str = COMMA) -> Any:
    """What a body holds; None where it is empty. Raises BadPayload, with a place and without the content."""
    if not body.strip():
        return None
    if form == "csv":
        # A fault comes in another form, and read as a CSV it would be a list without rows: the end of all pages.
        form = {b"<": "xml", b"{": "json"}.get(body.lstrip()[:1], form)
    if form == "csv":
        return _csv(_text(body), delimiter)
    return _xml(body) if form == "xml" else _json(body)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_no_number, object_pairs_hook=one_each)
    except (ValueError, RecursionError) as error:
        place = f" at byte {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        kind = "it begins like a web page" if body.lstrip()[:1] == b"<" else "it may have been cut off"
        raise BadPayload(f"the answer is no JSON{place} ({kind}); nothing of it was taken") from None


def _no_number(name: str) -> None:
    """NaN and Infinity, which JSON has not: nothing stands there. None of them could be an id or a count."""


def _text(body: bytes) -> str:
    if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return body.decode("utf-16", errors="replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _csv(text: str, delimiter: str) -> list[dict[str, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        header = [name.strip() for name in next(reader, [])]
        rows = [row for row in reader if row]
    except csv.Error as error:
        raise BadPayload(
            f"the answer is no CSV near line {reader.line_num} ({error}); nothing of it was taken"
        ) from None
    other = next((sign for sign in OTHERS if len(header) == 1 and sign in header[0]), None)
    if other is not None:
        raise BadPayload(
            f"the answer's CSV has one column, whose name holds {other!r}; if that divides its cells, write "
            f"delimiter = {json.dumps(other)}"
        )
    if len(set(header)) < len(header):
        raise BadPayload("the answer's CSV has two columns of one name, so which one counts would be a guess")
    short = [number for number, row in enumerate(rows, 2) if len(row) != len(header)]
    if short:
        raise BadPayload(
            f"row {short[0]} of the answer's CSV has not as many cells as its header; it may have been cut"
        )
    return [dict(zip(header, row, strict=True)) for row in rows]


def _xml(body: bytes) -> Any:
    try:
        root = fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadPayload(
            f"the answer is no XML that may be read ({type(error).__name__}); nothing of it was taken"
        ) from None
    return {_bare(root.tag): _plain(root, 0)}


def _plain(element: Element, depth: int) -> Any:
    """Attributes and children by name, a child that comes again as a list; a bare element is its text."""
    if depth > DEEPEST:
        raise BadPayload("the answer's XML is nested too deeply to be a list of rows; nothing of it was taken")
    found: dict[str, Any] = {_bare(name): value for name, value in element.attrib.items()}
    for child in element:
        name, value = _bare(child.tag), _plain(child, depth + 1)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    text = (element.text or "").strip()
    if not found:
        return text
    return found | ({"": text} if text else {})


def _bare(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]
