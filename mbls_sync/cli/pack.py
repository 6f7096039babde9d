"""`mbls-sync pack`: writes the analysis pack of a half-term or term, or the governors' report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mbls_sync.cli.asking import AtOption, HindsightOption, moment
from mbls_sync.cli.desks import desk_at
from mbls_sync.cli.passes import working
from mbls_sync.cli.show import say
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.delivery.analysis.material import Reader
from mbls_sync.delivery.analysis.spans import Length, latest_over, of_day
from mbls_sync.delivery.analysis.write import FOLDER, write_pack
from mbls_sync.errors import ConfigurationError
from mbls_sync.pipeline.papers import with_every_year
from mbls_sync.policy.view import PolicyAt

app = typer.Typer(add_completion=False)


class Which(StrEnum):
    """Which pack: the staff's of a half-term or a term, or the governors' of a term."""

    HALF_TERM = "half-term"
    TERM = "term"
    GOVERNORS = "governors"


@app.command()
def pack(
    ctx: typer.Context,
    which: Annotated[Which, typer.Argument(help="half-term and term name pupils; governors does not.")],
    out: Annotated[Path | None, typer.Option("--out", help="The folder; DIR/out/packs where left out.")] = None,
    at: AtOption = None,
    hindsight: HindsightOption = False,
) -> None:
    """Write one pack as PDF and XLSX: of the half-term or term that --at falls in, to date where it is not over.

    The governors' report is up to the end of the latest half-term, never to date.
    """
    office = open_office(ctx.obj)
    length = Length.HALF_TERM if which is Which.HALF_TERM else Length.TERM
    reader = Reader.GOVERNORS if which is Which.GOVERNORS else Reader.STAFF
    if reader is Reader.GOVERNORS:
        at = _half_terms_end(office, at)
    with working("writing the pack"), office.store() as store:
        desk = desk_at(office, store, at, hindsight)
        with store.read() as tx:
            desk = with_every_year(desk, tx, None if at is None or hindsight else desk.now)
        span = of_day(office.calendar, length, desk.now.date())
        if span is None:
            raise ConfigurationError(
                f"no {length} of the calendars has begun by {desk.now:%Y-%m-%d}; give a later --at"
            )
        files = write_pack(desk, span, reader, office.benchmarks, out or office.settings.out_folder / FOLDER)
    if reader is Reader.GOVERNORS:
        say(
            f"up to {at}, the end of a half-term: two reports of other days, set side by side, would tell of few pupils"
        )
    for file in files:
        say(str(file))


def _half_terms_end(office: Office, at: str | None) -> str:
    """The last day in school of the latest half-term that is over at `at`, as `--at` takes it."""
    when = moment(at, office.zone, office.clock())
    day_ends = PolicyAt(office.parameters, when.date()).time_of_day("office.day_ends")
    over = latest_over(office.calendar, Length.HALF_TERM, when, day_ends)
    if over is None:
        raise ConfigurationError(
            f"no half-term is over by {when:%Y-%m-%d}, and the governors' report is of whole ones; use `pack term`"
        )
    return over.last.isoformat()
