"""`mbls-sync events`: records, lists and exports the steps of cases."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from mbls_sync.cli.asking import day, moment
from mbls_sync.cli.groups import ListByDefault
from mbls_sync.cli.show import Format, FormatOption, say, show
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.policy.event_kinds import nearest
from mbls_sync.policy.places import events_file
from mbls_sync.store import inputs, people

app = typer.Typer(cls=ListByDefault, add_completion=False, help="Record, list or export the steps of cases.")

COLUMNS = ("at", "kind", "upn", "outcome", "by", "role", "note", "ref")
EXPORTED = ("UPN", "At", "Kind", "Outcome", "By", "Role", "Note", "Ref")
"""The columns of events.csv, so that what is exported can be put into a drop folder."""
NAMED = ("UPN", "Pseudonym")
OF_A_KIND = ("kind", "says", "outcome")
SOURCE = "mbls-sync events"


@app.command()
def record(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help="What happened, such as home-visit.", metavar="KIND")],
    upn: Annotated[str, typer.Option("--upn", help="Whose case; left out: the school's own.", metavar="UPN")] = "",
    at: Annotated[str | None, typer.Option("--at", help="When; now where left out.", metavar="WHEN")] = None,
    outcome: Annotated[str, typer.Option("--outcome", help="How it ended.", metavar="TEXT")] = "",
    by: Annotated[str, typer.Option("--by", help="Who did it.", metavar="NAME")] = "",
    role: Annotated[str, typer.Option("--role", help="In which role.", metavar="ROLE")] = "",
    note: Annotated[str, typer.Option("--note", help="Whatever should be remembered.", metavar="TEXT")] = "",
    ref: Annotated[str, typer.Option("--ref", help="What it is about: a task's id, a return.", metavar="REF")] = "",
) -> None:
    """Record one step. A mistake is mended by a further one; nothing is taken back."""
    office = open_office(ctx.find_root().obj)
    _check_kind(office, kind)
    now = office.local_now()
    when = moment(at, office.zone, now)
    with office.store() as store, store.begin() as tx:
        if upn and upn not in {pupil.id for pupil in inputs.roll(tx)}:
            raise ConfigurationError("--upn names nobody on the roll; `mbls-sync figures` lists every UPN")
        pupil = PupilId(upn) if upn else None
        event = Event(at=when, kind=kind, pupil=pupil, outcome=outcome, by=by, role=role, note=note, ref=ref)
        inputs.append(tx, [event], now, SOURCE)
    say(f"recorded: {kind} at {when:%Y-%m-%d %H:%M}")


@app.command("list")
def list_events(
    ctx: typer.Context,
    upn: Annotated[str, typer.Option("--upn", help="Of this pupil only.", metavar="UPN")] = "",
    since: Annotated[str | None, typer.Option("--since", help="From this day on.", metavar="DATE")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the steps, oldest first."""
    first = day(since, "--since") if since else None
    found = [e for e in _events(ctx) if (not upn or e.pupil == upn) and (first is None or e.at.date() >= first)]
    show([_row(event) for event in found], COLUMNS, form)


@app.command("kinds")
def list_kinds(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """List the kinds there are: what each says, and what its outcome holds."""
    known = open_office(ctx.find_root().obj).event_kinds
    show([asdict(kind) for kind in known.values()], OF_A_KIND, form)


@app.command()
def export(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; standard output where left out.")] = None,
) -> None:
    """Write every step as events.csv, which a drop folder and `rebuild` read back.

    Beside a file stand the pseudonyms under which papers were filed, so that a rebuild files them so again.
    """
    found = _events(ctx)
    if file is None:
        _write(sys.stdout, found)
        return
    with file.open("w", encoding="utf-8", newline="") as out:
        _write(out, found)
    with pseudonyms_beside(file).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([NAMED, *sorted(_pseudonyms(ctx).items())])
    say(f"{len(found)} events: {file}")


def pseudonyms_beside(file: Path) -> Path:
    """Where the pseudonyms stand that go with exported events."""
    return file.with_name(f"{file.stem}.pseudonyms.csv")


def _check_kind(office: Office, kind: str) -> None:
    """Raises ConfigurationError for a kind that nothing reads: a slip of the pen would be a step that nobody sees."""
    known, own = office.event_kinds, events_file(office.settings.config_folder)
    if kind in known:
        return
    near = nearest(kind, known)
    meant = f"; nearest are {', '.join(near)}" if near else ""
    raise ConfigurationError(
        f"{kind!r} is no kind of event that there is, so no rule, letter or packet would see it{meant}. "
        f"`mbls-sync events kinds` lists them; a kind of the school's own is added to {own}"
    )


def _write(out: Any, events: tuple[Event, ...]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(EXPORTED)
    for e in events:
        writer.writerow([e.pupil or "", e.at.isoformat(), e.kind, e.outcome, e.by, e.role, e.note, e.ref])


def _events(ctx: typer.Context) -> tuple[Event, ...]:
    office = open_office(ctx.find_root().obj)
    with office.store() as store, store.read() as tx:
        return inputs.events(tx)


def _pseudonyms(ctx: typer.Context) -> dict[PupilId, str]:
    office = open_office(ctx.find_root().obj)
    with office.store() as store, store.read() as tx:
        return dict(people.pseudonyms(tx))


def _row(event: Event) -> dict[str, Any]:
    names = {"upn": event.pupil}
    return {column: names.get(column, getattr(event, column, None)) for column in COLUMNS}
