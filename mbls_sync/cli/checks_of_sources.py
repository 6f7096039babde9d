"""What `check` looks at in the sources: each is well, none takes another's part, and the MIS takes our codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mbls_sync.cli.checks import NOTE, OK, PROBLEM, Line, Look, of_report, problems
from mbls_sync.cli.wiring import Office
from mbls_sync.contracts import Adapter, ListsCodes, Resource, TakesMarks
from mbls_sync.delivery.clearance import codes_not_taken
from mbls_sync.engine.limits import codes_of_policy
from mbls_sync.errors import MblsError
from mbls_sync.intake.pull import owners
from mbls_sync.model.deliveries import Mode


def sources(office: Office) -> Iterator[Line]:
    """Every source opens and is well by its own account, and each resource comes from one of them."""
    if not office.settings.sources:
        mend = "add a table [sources.NAME] with its adapter (a fresh `mbls-sync init` shows one)"
        yield Line(PROBLEM, "sources", f"{office.settings.file}: there is no source, so nothing can be pulled", mend)
        return
    yield from _shares(office)
    for name, source in office.settings.sources.items():
        where = office.settings.origin("sources", name)
        try:
            adapter = office.adapter(name, source, office.asking)
            reports = tuple(adapter.check())
        except MblsError as error:
            yield from problems(f"source {name}", error)
            continue
        for report in reports:
            line = of_report(report)
            says = line.says if report.ok else f"{where}: {line.says}"
            yield Line(line.standing, f"source {name}", f"{report.name}: {says}", line.mend)
        if all(report.ok for report in reports):
            yield from codes_taken(office, name, adapter)


def _shares(office: Office) -> Iterator[Line]:
    """Two sources that name one resource: the first would win, and whoever reads the settings could not tell why."""
    given = office.settings.sources
    owned = owners({name: source.resources for name, source in given.items()})
    for resource in Resource:
        named = [name for name, source in given.items() if resource in source.resources]
        if len(named) > 1:
            places = ", ".join(f"sources.{name} ({office.settings.origin('sources', name)})" for name in named)
            says = f"{resource} is named by {places}, so which of them counts would be a guess"
            yield Line(PROBLEM, "sources", says, f"leave {resource} in the `resources` of one of them")
    if len(given) > 1:
        for name, resources in owned.items():
            said = ", ".join(sorted(resources))
            yield Line(OK if said else NOTE, "sources", f"{name} gives {said or 'nothing that another does not give'}")
    if not any(Resource.MARKS in resources for resources in owned.values()):
        yield Line(PROBLEM, "sources", "no source gives marks", "add marks to the `resources` of one source")


def codes_taken(office: Office, name: str, adapter: Adapter) -> Iterator[Line]:
    """Whether the MIS takes every code that the policy sets; before leaving shadow it must."""
    if not isinstance(adapter, ListsCodes) or not isinstance(adapter, TakesMarks):
        return
    wanted = codes_of_policy(office.policy(office.local_now().date()))
    try:
        untaken = codes_not_taken(adapter, wanted)
    except MblsError as error:
        yield from problems(f"source {name}", error)
        return
    if not untaken:
        yield Line(OK, f"source {name}", f"takes every code that the rules set: {' '.join(sorted(wanted))}")
        return
    standing = NOTE if office.settings.mode is Mode.SHADOW else PROBLEM
    mend = "mend it in the MIS before leaving shadow, or correct write/codes.yaml; until then no mark is written"
    yield Line(standing, f"source {name}", untaken, mend)


LOOKS: Mapping[str, Look] = {"sources": sources}
