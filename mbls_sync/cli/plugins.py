"""`mbls-sync plugins`: what was found, what is in use, and what each brings; `--duties`: who sees to each duty."""

from __future__ import annotations

from typing import Annotated

import typer

from mbls_sync.cli import duties as duty_list
from mbls_sync.cli.show import Format, FormatOption, show
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.policy.coverage import load_coverage
from mbls_sync.policy.places import coverage_file

app = typer.Typer(add_completion=False)

COLUMNS = ("name", "standing", "version", "brings", "where")


@app.command()
def plugins(
    ctx: typer.Context,
    duties: Annotated[bool, typer.Option("--duties", help="Show each duty of the policy, and what proves it.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show which plugins were found and which are in use, or who sees to each duty of the policy."""
    office = open_office(ctx.obj)
    if duties:
        listed = load_coverage(coverage_file(office.settings.config_folder))
        show(list(duty_list.rows(listed, office.registry)), duty_list.COLUMNS, form)
    else:
        show(list(_rows(office)), COLUMNS, form)


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
