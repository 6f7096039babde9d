"""HTML pages from the templates beside this file: self-contained, no script, everything escaped."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mbls_sync.render.cells import readable

TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, **values: object) -> bytes:
    """One page. A value the template names and is not given is an error, never a blank."""
    text = _environment().get_template(template).render(**values)
    return readable(text).encode("utf-8")


def short_day(day: date) -> str:
    """A day as an office says it: Mon 7 Sep."""
    return f"{day:%a} {day.day} {day:%b}"


def long_day(day: date) -> str:
    """A day in full: Monday 7 September 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def moment(when: datetime, beside: datetime | None = None) -> str:
    """A date and time: Mon 7 Sep 09:15; with its year where that is another than of the moment it is read beside."""
    year = "" if beside is None or beside.year == when.year else f" {when.year}"
    return f"{short_day(when.date())}{year} {when:%H:%M}"


@cache
def _environment() -> Environment:
    # Kept with its templates: reading one anew for each letter took most of the time of a pass without a change.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(short_day=short_day, long_day=long_day, moment=moment)
    return environment
