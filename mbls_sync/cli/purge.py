"""`mbls-sync purge`: drops what is over its term, states it in the audit, and touches nothing that is still owed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from mbls_sync.cli.passes import only_one, working, writing
from mbls_sync.cli.show import Format, FormatOption, say, show, warn
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.contracts import Forgets
from mbls_sync.delivery.documents import Document
from mbls_sync.delivery.over_term import Papers, names_of, remove
from mbls_sync.engine.retention import Owed, Terms, owed
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.store import inputs, outbox, purge, sendings, tombstones
from mbls_sync.store.database import Store
from mbls_sync.store.signing import SigningKey, make_key

app = typer.Typer(add_completion=False)

COLUMNS = ("what", "rows")


@dataclass(frozen=True)
class Purge:
    """What is over its term at one moment, and what keeps the rest."""

    office: Office
    cut: purge.Cut
    keeps: tuple[Owed, ...]
    now: datetime
    papers: tuple[Document, ...] = ()
    working_papers: tuple[Path, ...] = ()

    @property
    def why(self) -> str:
        """The dated values that decided."""
        terms = Terms(self.now.date(), self.office.parameters)
        copy, kept = self.cut.copy_from, self.cut.entries_from
        return f"copy of {terms.copy_years} years from {copy}, entries from {kept} within their term"


@app.command("purge")
def purge_command(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; drop nothing.")] = False,
    sign_again: Annotated[
        bool, typer.Option("--sign-again", help="The key that signed earlier purges is lost: sign them by a new one.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Drop what is over its term. What an open case, an unsent paper or a legal hold needs is kept."""
    office = open_office(ctx.obj)
    with office.store() as store:
        if dry_run:
            found = due(office, store)
            rows = list(_counted(found, store))
        else:
            with working("purging"):
                found, rows = carry_out(office, store, sign_again=sign_again)
    show([row for row in rows if row["rows"]], COLUMNS, form, title="would go" if dry_run else "gone")
    if form is Format.TABLE:
        say(found.why)
        for one in _told(found):
            warn(one)


def carry_out(office: Office, store: Store, *, sign_again: bool = False) -> tuple[Purge, list[dict[str, Any]]]:
    """Drop what is over its term, as the school's only writer; what that was, and how many rows of each class went.

    Raises ConfigurationError where the key that signed an earlier purge is not at hand.
    """
    with only_one(office), writing(office, store) as fence:
        found, key = due(office, store), _key(office, store, sign_again=sign_again)
        again = _signed_again(office, store, key) if sign_again else 0
        return found, [_row("earlier purges, signed again", again), *_dropped(found, store, fence, key)]


def due(office: Office, store: Store) -> Purge:
    """What is over its term now."""
    now = office.local_now()
    terms = Terms(now.date(), office.parameters)
    with store.read() as tx:
        effects, sent, roll = outbox.load(tx), sendings.load(tx), inputs.roll(tx)
        keeps = owed((effect for effect in effects if effect.state.is_open), sent, inputs.events(tx))
    copy, entries = terms.copy_from(keeps), terms.entries_from()
    cut = purge.Cut(
        copy_from=copy,
        entries_from=entries,
        copy_moment=datetime.combine(copy.first, time(), office.zone),
        entries_moment=datetime.combine(entries.first, time(), office.zone),
        held=frozenset(one.pupil for one in keeps if one.pupil is not None),
        on_hold=frozenset(one.pupil for one in keeps if one.pupil is not None and one.is_hold),
        everybody_held=any(one.pupil is None and one.is_hold for one in keeps),
    )
    if cut.everybody_held:
        return Purge(office, cut, keeps, now)
    held = [pupil for pupil in roll if pupil.id in cut.held]
    papers = Papers(office.settings.out_folder, effects, sent, held)
    over, working_papers = papers.documents_before(entries), papers.working_papers_before(copy.first)
    return Purge(office, cut, keeps, now, tuple(over), tuple(working_papers))


def _counted(found: Purge, store: Store) -> Iterator[dict[str, Any]]:
    yield _row("files", sum(len(names_of(document)) for document in found.papers) + len(found.working_papers))
    yield _row("files of sources", _forget(found, dry_run=True))
    with store.read() as tx:
        for part in purge.parts(tx, found.cut):
            yield _row(part.name, part.count(tx))
        yield _row("leavers", len(purge.leavers(tx, inputs.roll(tx), found.cut)))


def _key(office: Office, store: Store, *, sign_again: bool) -> SigningKey:
    """The key that signs this purge. Raises ConfigurationError where an earlier one was signed by another."""
    key = office.signing_key()
    with store.read() as tx:
        strange = tombstones.strange_keys(tx, key)
    if strange and not sign_again:
        raise ConfigurationError(
            f"an earlier purge was signed by key {' and '.join(strange)}, which is not the one at hand; nothing was "
            f"dropped. Restore {office.settings.signing_key_file.name} from the backup; where it is lost for good, see "
            f"by `audit verify` that nothing else is wrong, then: mbls-sync purge --sign-again"
        )
    return key or make_key(office.settings.signing_key_file)


def _signed_again(office: Office, store: Store, key: SigningKey) -> int:
    with store.begin() as tx:
        return tombstones.sign_again(tx, key, office.local_now())


def _dropped(found: Purge, store: Store, fence: int, key: SigningKey) -> Iterator[dict[str, Any]]:
    """Drop class by class: whatever dies when, the next purge finds the rest.

    Files go before the rows by which their age is known.
    """
    yield _row("files", remove(found.office.settings.out_folder, found.papers, found.working_papers))
    yield _row("files of sources", _forget(found, dry_run=False))
    for name, gone in purge.run(store, found.cut, purge.Warrant(found.why, found.now, key), fence):
        yield _row(name, gone)


def _forget(found: Purge, *, dry_run: bool) -> int:
    if found.cut.everybody_held:
        return 0
    before = found.cut.copy_from.first
    adapters = [source.adapter for source in found.office.sources()]
    return sum(adapter.forget(before, dry_run=dry_run) for adapter in adapters if isinstance(adapter, Forgets))


def _row(name: str, rows: int) -> dict[str, Any]:
    return {"what": name, "rows": rows}


def _told(found: Purge) -> list[str]:
    """What keeps the past beyond its term, oldest first, without names."""
    usual = Terms(found.now.date(), found.office.parameters).copy_from(())
    late = sorted(one for one in {(o.since, o.why) for o in found.keeps} if AcademicYear.of(one[0]) < usual)
    return [f"kept since {since.isoformat()}: {why}" for since, why in late[:10]]
