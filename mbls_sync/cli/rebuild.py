"""`mbls-sync rebuild`: reads every file again that was ever stored, in order of arrival, then the exported events."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mbls_sync.cli.events import EXPORTED, NAMED, pseudonyms_beside
from mbls_sync.cli.passes import audit_what_is_left_out, only_one, tell, working
from mbls_sync.cli.show import Format, FormatOption, say
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.contracts import Adapter, HealthReport, Page, Replays
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.pipeline.one_pass import run_pass
from mbls_sync.pipeline.parts import JUDGE, PULL, PassReport
from mbls_sync.store import inputs, people, registers
from mbls_sync.store.database import Store

app = typer.Typer(add_completion=False)

SOURCE = "mbls-sync rebuild"


@dataclass(frozen=True)
class Again:
    """An adapter whose pull is its replay; it tidies nothing away, since everything is where it belongs."""

    adapter: Replays

    def check(self) -> tuple[HealthReport, ...]:
        """Nothing is looked at: what was kept is read as it is."""
        return ()

    def pull(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        """What was kept, in order of arrival."""
        return self.adapter.replay(cursors)


@app.command()
def rebuild(
    ctx: typer.Context,
    events: Annotated[Path | None, typer.Option("--events", help="What `events export` wrote.", metavar="FILE")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Read every finished file again into an empty store."""
    office = open_office(ctx.obj)
    steps = read_events(events) if events is not None else ()
    names = read_pseudonyms(pseudonyms_beside(events)) if events is not None else {}
    with only_one(office), office.store() as store, working("rebuilding"):
        audit_what_is_left_out(office, store)
        report = again(office, store, steps, names)
    if form is Format.TABLE and events is not None:
        say(f"{len(steps)} events read from {events}")
    tell(office, report, form)


def again(
    office: Office, store: Store, events: tuple[Event, ...], names: Mapping[PupilId, str] | None = None
) -> PassReport:
    """Fill an empty store from what the sources kept, then judge. Raises ConfigurationError where it is not empty."""
    with store.read() as tx:
        if registers.years(tx) or inputs.roll(tx):
            raise ConfigurationError(
                f"the store {office.settings.shown_database} holds registers already; move it away, or set another "
                f"database_url, and rebuild into an empty one"
            )
    with store.begin() as tx:
        people.call(tx, names or {})
    sources = [replace(source, adapter=_again(source.name, source.adapter)) for source in office.sources()]
    # What lies in `done` was stored once: what had been held, a person let through then.
    given = replace(office.inputs(store, frozenset({PULL, JUDGE})), sources=tuple(sources), accept_held=True)
    if not events:
        return run_pass(given)
    report = run_pass(replace(given, do=frozenset({PULL})))
    with store.begin() as tx:
        for event in events:
            inputs.append(tx, [event], event.at, SOURCE)
    judged = run_pass(replace(given, do=frozenset({JUDGE})))
    counts = {name: judged.counts[name] + number for name, number in report.counts.items()}
    return replace(judged, counts=counts, problems=(*report.problems, *judged.problems), unreachable=report.unreachable)


def read_events(file: Path) -> tuple[Event, ...]:
    """The events of a file that `events export` wrote. Raises ConfigurationError, with the line, for any other."""
    try:
        with file.open(encoding="utf-8", newline="") as text:
            rows = csv.DictReader(text)
            if tuple(rows.fieldnames or ()) != EXPORTED:
                raise ConfigurationError(
                    f"is not what `events export` writes ({', '.join(EXPORTED)})", file=file, line=1
                )
            return tuple(_event(row, file, rows.line_num) for row in rows)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"cannot be read ({type(error).__name__}); check that it is there", file=file
        ) from None


def read_pseudonyms(file: Path) -> Mapping[PupilId, str]:
    """The pseudonyms that stand beside exported events; none where no such file is."""
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as text:
        rows = csv.DictReader(text)
        if tuple(rows.fieldnames or ()) != NAMED:
            raise ConfigurationError(f"is not what `events export` writes ({', '.join(NAMED)})", file=file, line=1)
        return {PupilId(row["UPN"]): row["Pseudonym"] for row in rows}


def _event(row: Mapping[str, str], file: Path, line: int) -> Event:
    try:
        at = datetime.fromisoformat(row["At"])
    except (TypeError, ValueError):
        raise ConfigurationError("At is no time; export the events again", file=file, line=line) from None
    if at.tzinfo is None:
        raise ConfigurationError("At has no zone; export the events again", file=file, line=line)
    pupil = PupilId(row["UPN"]) if row["UPN"] else None
    return Event(at, row["Kind"], pupil, row["Outcome"], row["By"], row["Role"], row["Note"], row["Ref"])


def _again(name: str, adapter: Adapter) -> Adapter:
    if not isinstance(adapter, Replays):
        raise ConfigurationError(f"source {name} keeps nothing of what it sent, so nothing can be rebuilt")
    return Again(adapter)
