"""The checklist beside a paper that is to leave the school: what stops it, what is only advised, and whose it is."""

from __future__ import annotations

from mbls_sync.model.lint import Linted
from mbls_sync.render.html import page


def checklist(title: str, school: str, linted: Linted, checked: int) -> bytes:
    """One self-contained page. `checked` is how many rules were looked at."""
    return page("checklist.html.j2", title=title, school=school, linted=linted, checked=checked)
