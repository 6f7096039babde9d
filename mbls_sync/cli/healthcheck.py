"""`mbls-sync healthcheck`: whether the daemon lives and its marks are fresh; for the container and for monitoring."""

from __future__ import annotations

import typer

from mbls_sync import health
from mbls_sync.cli.main import NEEDS_A_PERSON
from mbls_sync.cli.show import say, warn
from mbls_sync.clock import now
from mbls_sync.settings.load import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def healthcheck(ctx: typer.Context) -> None:
    """Say whether the data is fresh: exit 0 where all is well, 1 where it is not."""
    sign = health.read(load_settings(ctx.obj).data_folder / health.FILE)
    complaint = health.complaint(sign, now())
    if complaint:
        warn(complaint)
        raise typer.Exit(NEEDS_A_PERSON)
    say(f"ok: marks of {sign.pulled_at if sign and sign.pulled_at else 'no pull yet'}")
