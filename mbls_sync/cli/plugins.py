"""`mbls-sync plugins`: what was found, what is in use, and what each brings."""

from __future__ import annotations

import typer

from mbls_sync.cli.show import Format, FormatOption, show
from mbls_sync.cli.wiring import Office, open_office

app = typer.Typer()

COLUMNS = ("name", "standing", "version", "brings", "where")


@app.command()
def plugins(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Show which plugins were found and which are in use."""
    show(list(_rows(open_office(ctx.obj))), COLUMNS, form)


def _rows(office: Office) -> list[dict[str, str]]:
    registry = office.registry
    brings = {loaded.plugin.name: loaded.hooks for loaded in registry.loaded}
    return [
        {
            "name": plugin.name,
            "standing": "in use" if plugin.name in brings else "found, not enabled",
            "version": plugin.version,
            "brings": _counted(brings.get(plugin.name, ())),
            "where": plugin.where,
        }
        for plugin in registry.found
    ]


def _counted(hooks: tuple[str, ...]) -> str:
    return ", ".join(f"{hooks.count(hook)} × {hook}" for hook in sorted(set(hooks)))
