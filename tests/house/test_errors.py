"""The tree that is drawn on top of errors.py is the tree that stands in it."""

import inspect

from mbls_sync import errors
from mbls_sync.errors import MblsError

CLASSES = [
    member for _, member in inspect.getmembers(errors, inspect.isclass) if member.__module__ == "mbls_sync.errors"
]


def drawn():
    """Each class in the drawing, with its depth there."""
    for line in errors.__doc__.splitlines():
        name = line.lstrip("│├└─ ").split(" ")[0]
        if name and (line.startswith(("│", "├", "└", "    ")) or line == "MblsError"):
            yield name, (len(line) - len(line.lstrip("│├└─ "))) // 4


def test_every_error_is_in_the_tree_at_its_place():
    assert dict(drawn()) == {cls.__name__: cls.__mro__.index(MblsError) for cls in CLASSES}


def test_every_error_says_what_to_do_next():
    assert [cls.__name__ for cls in CLASSES if not (cls.__doc__ or "").strip()] == []


def test_every_error_of_ours_is_one_of_the_tree():
    assert all(issubclass(cls, MblsError) for cls in CLASSES)
