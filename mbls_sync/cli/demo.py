"""`mbls-sync demo`: one whole school day with made-up pupils, by the same steps as a school's own commands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mbls_sync.cli import packet, returns
from mbls_sync.cli.init import set_up
from mbls_sync.cli.passes import one_pass, working
from mbls_sync.cli.show import say
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.demo.over_rest import OverRest
from mbls_sync.demo.over_wonde import OverWonde
from mbls_sync.demo.run import HEAD, ByExport, Mis, run
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.marks import PupilId
from mbls_sync.pipeline.parts import EVERYTHING
from mbls_sync.policy.view import Parameter
from mbls_sync.settings.settings import FILE
from mbls_sync.store import people
from mbls_sync.testing.fake_http import SECRET
from mbls_sync.testing.fake_rest import FakeRest
from mbls_sync.testing.fake_wonde import SCHOOL, TOKEN
from mbls_sync.testing.fake_wonde_http import BASE, WondeByHttp
from mbls_sync.testing.serving import on_this_machine

app = typer.Typer(add_completion=False)


class Kind(StrEnum):
    """What can hold the demo's marks."""

    CSV = "csv"
    REST = "rest"
    WONDE = "wonde"


TO_OPEN = {
    "the attendance officer's list": ("task-list.html",),
    "what the head decides, with the record beside it": ("advice/*.html",),
    "the marks to key into the MIS": ("keying-sheet.html",),
    "who is in the building": ("*fire*.html", "*fire*.csv"),
    "the returns for the LA": ("returns/*register-check*.xlsx", "returns/*.csv"),
    "what to copy into the LA's web form": ("returns/*absence-alert*[0-9].html",),
    "what still stops a return": ("returns/*missing*.checklist.html",),
    "the referral packets for the EWO": ("packets/*.zip", "packets/*/*.pdf"),
    "the whole-school sheet": ("../shared-drive/*", "*whole-school*", "*monitoring*"),
}
"""What a visitor should open, and where it lies below the out folder."""


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where the school is made.", metavar="DIR")] = Path("demo-school"),
    seed: Annotated[int, typer.Option("--seed", help="Another number, another school.")] = 1,
    mis: Annotated[Kind, typer.Option("--mis", help="By CSV, or over HTTP by REST or Wonde.")] = Kind.CSV,
) -> None:
    """Show a whole school day with made-up pupils, offline."""
    _clear(folder)
    with working("a school day"), holding(mis) as held:
        files = run(folder, seed, ByCommand(), say, held)
    say(f"\n{len(files)} files are in {folder / 'out'}. Open these:")
    for what, patterns in TO_OPEN.items():
        found = sorted({path for pattern in patterns for path in (folder / "out").glob(pattern)})
        for path in found[:2]:
            say(f"  {path.resolve()}\n      {what}")
    say(f"\nEvery command takes the school's folder: mbls-sync -C {folder} figures --by class")


@contextmanager
def holding(kind: Kind) -> Iterator[Mis]:
    """The MIS of the demo, there for as long as it is played; over HTTP it listens on this machine only."""
    if kind is Kind.CSV:
        yield ByExport()
        return
    if kind is Kind.WONDE:
        by_http = WondeByHttp()
        with on_this_machine(by_http) as url:
            yield OverWonde(by_http.wonde, url + BASE, SCHOOL, TOKEN)
        return
    fake = FakeRest(pupils=(), page_rows=1000)
    with on_this_machine(fake) as url:
        yield OverRest(fake, url, SECRET)


@dataclass(frozen=True)
class ByCommand:
    """What the demo does with a school, each step as the command of that name does it."""

    def init(self, folder: Path, settings: str) -> tuple[SchoolCalendar, Mapping[str, Parameter]]:
        """Make the school's folder; give its calendar and parameters."""
        set_up(folder, settings)
        office = open_office(folder)
        if (drive := office.settings.locate(office.settings.shared_folder)) is not None:
            drive.mkdir(parents=True, exist_ok=True)
        return office.calendar, office.parameters

    def call(self, folder: Path, pseudonyms: Mapping[PupilId, str]) -> None:
        """Have files call the pupils by these pseudonyms."""
        with open_office(folder).store() as store, store.begin() as tx:
            people.call(tx, pseudonyms)

    def once(self, folder: Path, at: datetime) -> int:
        """One pass as at `at`; how many effects changed."""
        report = one_pass(_at(folder, at), EVERYTHING, "a pass")
        return sum(change.what != "keep" for change in report.changes)

    def returns(self, folder: Path, name: str, at: datetime) -> Sequence[Path]:
        """Write one LA return."""
        return returns.write_named(_at(folder, at), name)

    def packets(self, folder: Path, at: datetime) -> Sequence[Path]:
        """Write every packet that is due."""
        return packet.write(_at(folder, at), "ewo", None)


def _at(folder: Path, at: datetime) -> Office:
    return open_office(folder, clock=lambda: at)


def _clear(folder: Path) -> None:
    """Remove an earlier demo. A folder that holds anything else is left alone."""
    if not folder.exists():
        return
    file = folder / FILE
    if file.is_file() and file.read_text(encoding="utf-8").startswith(HEAD):
        shutil.rmtree(folder)
    elif any(folder.iterdir()):
        raise ConfigurationError("holds something else than an earlier demo; name another folder", file=folder)
