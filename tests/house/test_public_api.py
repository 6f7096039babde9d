"""The API is whole, sorted and said: all that a plugin may import, and nothing that was not meant."""

import ast
import inspect
from pathlib import Path

from mbls_sync import api

SOURCE = ast.parse(Path(api.__file__).read_text(encoding="utf-8"))


def test_all_is_sorted_as_ruff_sorts_it():
    def order(name):
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    assert list(api.__all__) == sorted(api.__all__, key=order)


def test_all_is_complete():
    imported = {
        name.asname or name.name
        for node in SOURCE.body
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for name in node.names
    }
    assert imported == set(api.__all__)


def test_every_public_name_is_said():
    silent = [
        name
        for name in api.__all__
        if (inspect.isclass(getattr(api, name)) or inspect.isfunction(getattr(api, name)))
        and not (getattr(api, name).__doc__ or "").strip()
    ]
    assert silent == []


def test_a_dataclass_of_the_api_has_a_docstring_of_its_own():
    own = [
        name
        for name in api.__all__
        if inspect.isclass(getattr(api, name)) and (getattr(api, name).__doc__ or "").startswith(f"{name}(")
    ]
    assert own == [], "these have only the docstring that dataclass makes up"
