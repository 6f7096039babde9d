"""The README names every setting: what is not written down, nobody but us can use."""

import re
from pathlib import Path
from typing import Any, get_args

from mbls_adapter_rest.options import Options
from pydantic import BaseModel

README = Path(__file__).parents[1] / "README.md"


def parts_of(kind: Any, found: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """Every table of the options, however deep it stands."""
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        for inner in get_args(kind):
            parts_of(inner, found)
    elif kind not in found:
        found.add(kind)
        for field in kind.model_fields.values():
            parts_of(field.annotation, found)
    return found


def test_every_setting_stands_in_the_readme():
    words = set(re.findall(r"[a-z_0-9]+", README.read_text(encoding="utf-8")))
    unsaid = [
        f"{part.__name__}.{name}"
        for part in parts_of(Options, set())
        for name in part.model_fields
        if name not in words
    ]
    assert unsaid == []
