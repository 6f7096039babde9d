"""A JMESPath to the rows of a body, made once; a dotted path is found the fast way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jmespath

from mbls_adapter_rest.paths import getter

DOTTED = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*")


def finder(path: str) -> Callable[[Any], Any]:
    """Finds what stands at a path; the whole body where it is empty. Raises ValueError for one that is no JMESPath."""
    if not path:
        return lambda document: document
    if DOTTED.fullmatch(path):
        return getter(path)
    try:
        compiled = jmespath.compile(path)
    except jmespath.exceptions.JMESPathError as error:
        said = str(error).splitlines()[0].removesuffix(", for expression:")
        raise ValueError(f"{path!r} is no JMESPath: {said}") from None
    search: Callable[[Any], Any] = compiled.search
    return search


def is_found(path: str) -> str:
    """The path, once it is known to be one. Raises ValueError."""
    finder(path)
    return path
