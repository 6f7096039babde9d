"""What the lint found, printed; and an override of it, recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mbls_sync.cli.show import Format, say, show
from mbls_sync.cli.wiring import Office
from mbls_sync.delivery.lint import OVERRIDDEN, fingerprint
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.happenings import Event
from mbls_sync.model.lint import Finding, Linted, Override
from mbls_sync.store import audit, inputs
from mbls_sync.store.database import Store

COLUMNS = ("weight", "what", "mend", "who", "asked_by", "rule", "upn")
SOURCE = "mbls-sync lint"


def overridden(office: Office, store: Store, ref: str, found: Linted, why: str, by: str) -> Linted:
    """Record that a person lets `ref` leave in spite of what stops it now.

    Raises ConfigurationError where nothing does.
    """
    if not found.stopping:
        raise ConfigurationError("nothing stops it, so there is nothing to override")
    now = office.local_now()
    event = Event(now, OVERRIDDEN, outcome=fingerprint(found.findings), by=by, note=why, ref=ref)
    rules = sorted({finding.rule for finding in found.stopping})
    with store.begin() as tx:
        inputs.append(tx, [event], now, SOURCE)
        audit.append(tx, "lint.overridden", ref, {"rules": rules, "findings": len(found.stopping)}, now)
    return replace(found, override=Override(by, now, why))


def tell(about: str, found: Linted, form: Format) -> None:
    """Print the findings, and how the paper stands because of them."""
    rows = [_row(finding) for finding in found.findings]
    head: dict[str, Any] = {"paper": about, "standing": str(found.standing)}
    if found.override is not None:
        head |= {"overridden_by": found.override.by, "overridden_because": found.override.why}
    if form is not Format.TABLE:
        show(rows, COLUMNS, form, head=head)
        return
    if rows:
        show(rows, COLUMNS, form)
    who = f", by {found.override.by}: {found.override.why}" if found.override else ""
    stops = f" ({len(found.stopping)} stop it)" if found.stopping else ""
    say(f"{about}: {found.standing}{stops}{who}")


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "weight": str(finding.weight),
        "what": finding.says,
        "mend": finding.mend,
        "who": finding.owner,
        "asked_by": finding.asked_by,
        "rule": finding.rule,
        "upn": finding.pupil,
    }
