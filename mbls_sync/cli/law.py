"""`mbls-sync check --law`: where policy and national law differ, for the head, and as a page for the governors."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mbls_sync.cli.asking import day
from mbls_sync.cli.show import Format, console, say, show
from mbls_sync.cli.wiring import Office
from mbls_sync.errors import ConfigurationError, in_words
from mbls_sync.model.codes import CodeStanding
from mbls_sync.policy.codebook import CodeBook
from mbls_sync.policy.drift import Finding, Standing, drift, load_comparisons
from mbls_sync.policy.gaps import gaps
from mbls_sync.policy.places import law_file
from mbls_sync.render.html import page as html_page

COLUMNS = ("standing", "title", "section", "policy", "in_force", "law", "since", "source", "mend")


def compare(office: Office, at: str | None, page: Path | None, form: Format) -> None:
    """Print each comparison, those that differ first, and write the page where one is asked for."""
    on = day(at, "--at") if at else office.local_now().date()
    found = findings(office, on)
    rows = [_row(finding) for finding in found]
    if form is Format.TABLE:
        _print(found, gaps(office.parameters, on))
    else:
        show(rows, COLUMNS, form)
    if page is not None:
        _write(page, law_page(office, found, on))


def findings(office: Office, on: date) -> tuple[Finding, ...]:
    """Every comparison whose law is in force on a day: what is in force and differs, then the written policy."""
    rows = load_comparisons(law_file(office.settings.config_folder))
    found = drift(rows, office.parameters, standings(office.codebook, on), on)
    order = (Standing.DIFFERS, Standing.POLICY_DIFFERS, Standing.AGREES)
    return tuple(sorted(found, key=lambda finding: order.index(finding.standing)))


def standings(codebook: CodeBook, on: date) -> dict[str, CodeStanding]:
    """How each code of the book stands on a day, for the pupils for whom it stands best."""
    best = list(CodeStanding)
    return {
        code: min((codebook.standing(code, on, is_csa) for is_csa in (True, False)), key=best.index)
        for code in codebook.codes
    }


def law_page(office: Office, found: tuple[Finding, ...], on: date) -> bytes:
    """The page for the governors."""
    groups = [(standing, [f for f in found if f.standing is standing]) for standing in Standing]
    order = {Standing.DIFFERS: 0, Standing.POLICY_DIFFERS: 1, Standing.AGREES: 2}
    return html_page(
        "law.html.j2",
        school=office.settings.school.name,
        day=on,
        gaps=gaps(office.parameters, on),
        groups=sorted(groups, key=lambda group: order[group[0]]),
    )


def _row(finding: Finding) -> dict[str, object]:
    return {
        "standing": finding.standing.value,
        "title": finding.title,
        "section": finding.section,
        "policy": finding.written or finding.in_force,
        "in_force": finding.in_force,
        "law": finding.law,
        "since": finding.since,
        "source": finding.source,
        "mend": "" if finding.standing is Standing.AGREES else finding.mend,
    }


def _print(found: tuple[Finding, ...], open_gaps: tuple[str, ...]) -> None:
    out = console()
    for finding in found:
        agrees = finding.standing is Standing.AGREES
        colour = "green" if agrees else "yellow" if finding.standing is Standing.POLICY_DIFFERS else "red"
        out.print(f"[{colour}]{finding.standing}[/]  ", end="")
        out.print(f"{finding.title} ({finding.section})", markup=False, soft_wrap=True)
        if agrees:
            continue
        says = f"policy: {finding.written or finding.in_force}; law since {finding.since}: {finding.law}"
        out.print(f"    {says}, {finding.law_says}", markup=False, soft_wrap=True)
        out.print(f"    {finding.source}\n    → {finding.mend}", markup=False, soft_wrap=True)
    for gap in open_gaps:
        out.print(f"gap  {gap}", markup=False, soft_wrap=True)
    differ = sum(finding.standing is not Standing.AGREES for finding in found)
    say(f"{differ} of {len(found)} comparisons differ; {len(open_gaps)} gaps.")


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise ConfigurationError(f"the page was not written: {in_words(error)}") from error
    say(f"Written: {file}")
