"""`mbls-sync init DIR`: a folder that works at once, for a school to make its own."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from mbls_sync.cli.show import say
from mbls_sync.clock import now
from mbls_sync.errors import ConfigurationError
from mbls_sync.policy.places import shipped_config
from mbls_sync.settings.settings import FILE

app = typer.Typer(add_completion=False)

GO_LIVE = re.compile(r"^go_live = \S+$", re.MULTILINE)
CALENDAR = "calendar"
OWN_FOLDERS = ("inbox", "out", "data")
ZONE = "Europe/London"


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The new school's folder.", metavar="DIR")],
    missing: Annotated[
        bool, typer.Option("--missing", help="After an update: only add what this version ships and DIR lacks.")
    ] = False,
) -> None:
    """Set up a folder for a school: settings, calendar, policy and drop folder."""
    if missing:
        for file in add_missing(folder):
            say(str(file))
        say("nothing that was there is changed; look at what is: mbls-sync check")
        return
    set_up(folder, template(now().astimezone(ZoneInfo(ZONE)).date()))
    say(f"{folder / FILE} is written; say there who the school is.")
    say(f"{folder / 'config' / 'calendar'} holds the terms; correct them.")
    say(f"Put the MIS's CSV files into {folder / 'inbox'}, then: mbls-sync -C {folder} once")


def template(today: date) -> str:
    """The settings of a new school that goes live `today`, with a comment on every line."""
    shipped = shipped_config() / FILE
    text, count = GO_LIVE.subn(f"go_live = {today.isoformat()}", shipped.read_text(encoding="utf-8"))
    if count != 1:
        raise ConfigurationError("the template has no line `go_live = …`; install mbls-sync anew", file=shipped)
    return text


def add_missing(folder: Path) -> list[Path]:
    """Add the shipped files that a school's config lacks, and change none that it has; which were added.

    Its calendar is its own. Raises ConfigurationError where there is no config.
    """
    own, shipped = folder / "config", shipped_config()
    if not own.is_dir():
        raise ConfigurationError("is no school's config; leave out --missing to set one up", file=own)
    added: list[Path] = []
    for file in sorted(path for path in shipped.rglob("*") if path.is_file()):
        place = file.relative_to(shipped)
        is_shipped_only = place.parts[0] in (FILE, CALENDAR) or any(part[0] in "._" for part in place.parts)
        if not is_shipped_only and not (own / place).exists():
            (own / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, own / place)
            added.append(own / place)
    return added


def set_up(folder: Path, settings: str) -> None:
    """Write a school's folder with these settings. Raises ConfigurationError where something is there already."""
    for place in (folder / FILE, folder / "config"):
        if place.exists():
            raise ConfigurationError("is there already, and nothing was changed; choose another folder", file=place)
    folder.mkdir(parents=True, exist_ok=True)
    for name in OWN_FOLDERS:
        (folder / name).mkdir(mode=0o750, exist_ok=True)
    shutil.copytree(shipped_config(), folder / "config", ignore=shutil.ignore_patterns(FILE, ".*", "__pycache__"))
    # Last, so that a folder whose copying was cut short has no settings and is not taken for a school's.
    (folder / FILE).write_text(settings, encoding="utf-8")
