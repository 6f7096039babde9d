"""`mbls-sync new`: the skeleton of a plugin, with a contract test that fails until it is filled in."""

from __future__ import annotations

import re
import shlex
from enum import StrEnum
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from mbls_sync.cli.show import say
from mbls_sync.cli.skeletons import FILES
from mbls_sync.errors import ConfigurationError

app = typer.Typer(add_completion=False)

KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RULE_NAME = re.compile(r"([a-z]{2,4}-\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)")


class What(StrEnum):
    """What can be begun."""

    RULE = "rule"
    ADAPTER = "adapter"
    RETURN = "return"


@app.command()
def new(
    what: Annotated[What, typer.Argument(help="What to begin.")],
    name: Annotated[str, typer.Argument(help="Its name, such as fdc-20-text-home for a rule.", metavar="NAME")],
    into: Annotated[Path, typer.Option("--into", help="The folder of plugins.", metavar="FOLDER")] = Path("plugins"),
) -> None:
    """Write the skeleton of a rule, an adapter or a return."""
    folder = begin(what, name, into)
    say(f"{folder} is begun. Next:")
    say(f"  pytest {shlex.quote(str(folder))}        fails, and says what is to be filled in")
    # Whole, since in the settings a relative path is against the school's folder and not against this one.
    plugin = folder.name.replace("_", "-")
    say(f'  plugin_folders = ["{into.absolute()}"] and plugins = [..., "{plugin}"] put it in use')


def begin(what: What, name: str, into: Path) -> Path:
    """Write the skeleton; returns its folder. Raises ConfigurationError for a name that will not do, or is taken."""
    given = _words(what, name)
    folder = into / given["plugin"].replace("-", "_")
    if folder.exists():
        raise ConfigurationError("is there already, and nothing was changed; choose another name", file=folder)
    for path, text in FILES[what].items():
        file = folder / Template(path).substitute(given)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(text).substitute(given), encoding="utf-8")
    return folder


def _words(what: What, name: str) -> dict[str, str]:
    rule = RULE_NAME.fullmatch(name)
    if what is What.RULE and rule is None:
        raise ConfigurationError(
            f"{name!r} is no name for a rule; write its id and what it asks for, such as fdc-20-text-home"
        )
    if not KEBAB.fullmatch(name):
        raise ConfigurationError(f"{name!r} will not do; write it in lower case with hyphens, such as arbor-rest")
    title = rule[2].replace("-", " ") if rule else name.replace("-", " ")
    snake = name.replace("-", "_")
    return {
        "name": name,
        "plugin": f"{what}-{name}",
        "package": f"mbls_{what}_{snake}",
        "module": snake,
        "id": rule[1].upper() if rule else name,
        "title": title,
        "title_name": "".join(word.capitalize() for word in title.split()),
    }
