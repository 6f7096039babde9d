"""`mbls-sync connect`: looks at a source step by step, and says of each step what was seen and what to mend."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from mbls_sync.cli.checks import NOTE, OK, PROBLEM, Line, of_report
from mbls_sync.cli.checks_of_sources import codes_taken
from mbls_sync.cli.lines import show_lines
from mbls_sync.cli.main import CONFIGURATION, NEEDS_A_PERSON, UNREACHABLE
from mbls_sync.cli.masking import masked
from mbls_sync.cli.show import Format, FormatOption, say, show
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.contracts import Adapter, HealthReport, Page, Probe, Probes
from mbls_sync.errors import BadPayload, ConfigurationError, Unreachable
from mbls_sync.mis_http.connector import Connector
from mbls_sync.mis_http.manners import Manners
from mbls_sync.mis_http.origin import Origin

app = typer.Typer(add_completion=False)

SAMPLE = 3
SOON = 30
"""Days before the end of a certificate from which it is said."""


@app.command()
def connect(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(help="One source; all without it.", metavar="[SOURCE]")] = "",
    sample: Annotated[bool, typer.Option("--sample", help="Show the first records, names and numbers masked.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Look at each source step by step: name, certificate, credentials, each list, codes, the right to write."""
    office = open_office(ctx.obj)
    names = list(office.settings.sources)
    if source and source not in names:
        raise ConfigurationError(f"there is no source {source!r}; the settings have {', '.join(names) or 'none'}")
    probes = [(name, probe) for name in ([source] if source else names) for probe in _probed(office, name)]
    show_lines([_line(name, probe) for name, probe in probes], form)
    if sample:
        _show_samples(probes, form)
    raise typer.Exit(_exit_code([probe for _, probe in probes]))


def _probed(office: Office, name: str) -> Iterator[Probe]:
    """Every step of one source; a name or certificate that is wrong ends it, and no secret was sent then."""
    connector = Connector(office.clock, time.sleep, attempts=1)
    adapter = office.adapter(name, office.settings.sources[name], connector)
    # A token server at the same place is the same place.
    for origin, manners in {str(Origin.of(url)): (Origin.of(url), how) for url, how in connector.opened}.values():
        for probe in _outside(origin, manners, office):
            yield probe
            if not probe.report.ok:
                return
    found = list(adapter.probe()) if isinstance(adapter, Probes) else [Probe(report) for report in adapter.check()]
    yield from found
    if all(probe.report.ok for probe in found):
        yield from _codes_to_write(office, name, adapter)


def _codes_to_write(office: Office, name: str, adapter: Adapter) -> Iterator[Probe]:
    """Whether marks could be written: without one of the codes that the policy sets, none is."""
    for line in codes_taken(office, name, adapter):
        yield Probe(HealthReport("codes to write", line.standing != PROBLEM, line.says, line.mend))


def _outside(origin: Origin, manners: Manners, office: Office) -> Iterator[Probe]:
    # Its libraries take a while to import, and a drop folder needs none of them.
    from mbls_sync.mis_http.probe import addresses_of, certificate_of  # noqa: PLC0415 - as said

    if manners.proxy:
        proxy = urlsplit(manners.proxy).hostname
        yield Probe(
            HealthReport("proxy", True, f"{origin} is reached by {proxy}; its name and certificate not looked at")
        )
        return
    try:
        found = addresses_of(origin)
        yield Probe(HealthReport("name", True, f"{origin.host} leads to {', '.join(found)}"))
        if origin.scheme == "http":
            yield Probe(HealthReport("certificate", True, "none is needed on this machine itself"))
            return
        shown = certificate_of(origin, manners)
    except (Unreachable, BadPayload) as error:
        mend = "look at base_url, and whether this machine may reach it"
        yield Probe(HealthReport("name", False, str(error), mend), error=error)
        return
    says = f"issued by {shown.issuer}, good until {shown.expires.date().isoformat()}"
    if shown.wrong:
        mend = "if the school's own filter or authority signed it, name its file under http.ca; else ask the vendor"
        wrong = HealthReport("certificate", False, f"not trusted ({shown.wrong}): {says}", mend)
        yield Probe(wrong, error=Unreachable(shown.wrong))
        return
    left = (shown.expires - office.clock()).days
    yield Probe(
        HealthReport("certificate", True, says, f"it ends in {left} days: tell the vendor" if left < SOON else "")
    )


def _line(name: str, probe: Probe) -> Line:
    line = of_report(probe.report)
    standing = line.standing if line.standing != OK or not line.mend else NOTE
    return Line(standing, name, f"{probe.report.name}: {line.says}", line.mend)


def _exit_code(probes: Sequence[Probe]) -> int:
    """3 where the MIS could not be reached, 2 where the settings must be mended, 1 where rows could not be read."""
    failed = [probe for probe in probes if not probe.report.ok]
    if any(isinstance(probe.error, Unreachable) for probe in failed):
        return UNREACHABLE
    if failed:
        return CONFIGURATION
    return NEEDS_A_PERSON if any(probe.page is not None and probe.page.bad for probe in probes) else 0


def _show_samples(probes: Iterable[tuple[str, Probe]], form: Format) -> None:
    for name, probe in probes:
        if probe.page is None:
            continue
        rows = list(_sampled(probe.page))
        if not rows:
            continue
        if form is Format.TABLE:
            say("")
        columns = list(dict.fromkeys(column for row in rows for column in row))
        show(rows, columns, form, title=f"{name}: the first {len(rows)} of {probe.page.resource}, masked")


def _sampled(page: Page) -> Iterator[Mapping[str, Any]]:
    for row in page.marks[:SAMPLE]:
        yield masked({"pupil": row.pupil, "day": row.day, "session": row.period.value, "code": row.code or "no mark"})
    for item in page.items[:SAMPLE]:
        yield masked({f.name: getattr(item, f.name) for f in dataclasses.fields(item)})
