"""Every dated parameter is read by some code: a value that nobody reads is a promise that nobody keeps."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from mbls_sync.policy.load import parameter_files

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "mbls_sync", *sorted((ROOT / "plugins").glob("*/mbls_*")))


def _patterns(file: Path) -> Iterator[str]:
    """Each text of a source that could name a parameter, as a pattern; what an f-string fills in is any word."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z_.0-9]+", node.value):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z_0-9]+" for p in node.values]
            if re.match(r"[a-z_]+\\\.", parts[0]):
                yield "".join(parts)


def test_every_parameter_is_read_by_some_code() -> None:
    named = {pattern for folder in FOLDERS for file in folder.rglob("*.py") for pattern in _patterns(file)}
    asked = re.compile("|".join(sorted(named)))
    unread = [name for name, _ in parameter_files(ROOT / "config/policy/parameters") if not asked.fullmatch(name)]
    assert unread == []
