"""What is sent with a write as the MIS wants it: JSON, or XML of plain values."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

TYPES = {"json": "application/json", "xml": "application/xml"}
ATTRIBUTE = "@"
"""What the name of an attribute begins with; the name "" is the element's own text."""


def known(value: Any) -> Any:
    """The value without the parts that nobody knows, however deep they stand."""
    if isinstance(value, list):
        return [known(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {name: known(item) for name, item in value.items() if item is not None}
    return {name: item for name, item in kept.items() if item != {} or value[name] == {}}


def encoded(document: Any, form: str) -> Any:
    """The document as `Http.send` takes it: bytes of XML, or itself where it is JSON."""
    if form != "xml":
        return document
    ((name, value),) = document.items()
    root = Element(name)
    _fill(root, value)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _fill(element: Element, value: Any) -> None:
    if not isinstance(value, dict):
        element.text = str(value)
        return
    for name, inner in value.items():
        if name.startswith(ATTRIBUTE):
            element.set(name.removeprefix(ATTRIBUTE), str(inner))
        elif not name:
            element.text = str(inner)
        else:
            for one in inner if isinstance(inner, list) else [inner]:
                _fill(SubElement(element, name), one)
