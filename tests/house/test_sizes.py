"""A file says one thing: 300 lines at most, a function 50, a package's `__init__.py` its docstring."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 300, 50
FILES = sorted(
    path
    for top in ("mbls_sync", "plugins", "tests")
    for path in (ROOT / top).rglob("*.py")
    if not {".venv", "node_modules"} & set(path.parts)
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def named(file):
    return str(file.relative_to(ROOT))


def test_no_file_is_too_long():
    lengths = {named(file): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long():
    long = [
        f"{named(file)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, FUNCTIONS) and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_a_package_says_only_what_it_is():
    wordy = [
        named(file)
        for file in FILES
        if file.name == "__init__.py"
        and [type(node).__name__ for node in ast.parse(file.read_text(encoding="utf-8")).body] != ["Expr"]
    ]
    assert wordy == []


def test_every_module_says_what_it_is():
    silent = [
        named(file)
        for file in FILES
        if "tests" not in file.parts and not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert silent == []
