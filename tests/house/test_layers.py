"""Imports point downwards, plugins see the API only, and each library is imported in one place."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "mbls_sync").rglob("*.py"))
PLUGINS = sorted(path for path in (ROOT / "plugins").glob("*/mbls_*/**/*.py"))
ONLY_IN = {
    "pluggy": ("mbls_sync/hookspecs.py", "mbls_sync/registry/"),
    "sqlite3": ("mbls_sync/store/",),
    "pysqlite3": ("mbls_sync/store/",),
    "sqlalchemy": ("mbls_sync/store/",),
    "alembic": ("mbls_sync/store/",),
    "psycopg": ("mbls_sync/store/",),
    "xlsxwriter": ("mbls_sync/render/",),
    "typst": ("mbls_sync/render/",),
    "pyzipper": ("mbls_sync/render/",),
    "py7zr": ("mbls_sync/render/",),
    "paramiko": ("plugins/senders/",),
    "smtplib": ("mbls_sync/mailing.py", "plugins/senders/"),
    "requests": ("mbls_sync/mis_http/",),
    "tenacity": ("mbls_sync/mis_http/",),
    "urllib3": ("mbls_sync/mis_http/",),
    "cryptography": ("mbls_sync/mis_http/",),
    "jmespath": ("plugins/adapter_rest/",),
    "defusedxml": ("plugins/adapter_rest/",),
    "typer": ("mbls_sync/cli/",),
    "rich": ("mbls_sync/cli/",),
    "structlog": ("mbls_sync/logs.py",),
    "yaml": ("mbls_sync/policy/yaml_text.py",),
}
"""Which library may be imported where; what is not listed here is free."""


@cache
def nodes(file):
    """The whole syntax of a file."""
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


@cache
def imports(file):
    """The full name of everything that a file imports."""
    found = []
    for node in nodes(file):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found += [f"{node.module}.{name.name}" for name in node.names]
    return tuple(found)


def test_imports_point_downwards():
    lint = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_in_its_one_place(library):
    where = ONLY_IN[library]
    strays = [
        str(file.relative_to(ROOT))
        for file in [*CORE, *PLUGINS]
        if any(name.partition(".")[0] == library for name in imports(file))
        and not str(file.relative_to(ROOT)).startswith(where)
    ]
    assert not strays


def test_a_plugin_looks_no_further_than_the_api():
    strays = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in PLUGINS
        for name in imports(file)
        if name.startswith("mbls_sync") and not name.startswith(("mbls_sync.api", "mbls_sync.testing"))
    ]
    assert [stray for stray in strays if not stray.endswith(("mbls_sync.api", "mbls_sync.testing"))] == []


def test_nothing_of_the_core_names_a_plugin():
    plugins = {path.name for path in (ROOT / "plugins").glob("*/mbls_*")}
    strays = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in CORE
        for name in imports(file)
        if name.partition(".")[0] in plugins
    ]
    assert strays == []


def test_the_clock_is_read_in_one_place():
    strays = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in [*CORE, *PLUGINS]
        if file.name != "clock.py"
        for node in nodes(file)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "today", "utcnow")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date")
    ]
    assert strays == []
