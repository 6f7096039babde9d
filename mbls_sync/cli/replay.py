"""`mbls-sync replay`: what the policy, or a changed one, would have asked for over days that are past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from mbls_sync.cli.asking import WithoutOption, day
from mbls_sync.cli.passes import working
from mbls_sync.cli.replay_jobs import Job, all_done
from mbls_sync.cli.show import Format, FormatOption, say, show, warn
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.engine.replayed import Asked, Look, Sort, by_stage, gathered, opened, shares
from mbls_sync.errors import ConfigurationError
from mbls_sync.figures.groups import characteristics_of
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.pipeline.parts import JUDGE
from mbls_sync.pipeline.replay import LOOKS, changed_policy, differing, looks_in_force, moments, roll_of
from mbls_sync.pipeline.world import pulled_at

app = typer.Typer(add_completion=False)

STAGES = ("rule", "what", "sort", "asked", "changed", "difference")
MONTHS = ("month", *Sort)
SHARES = ("group", "sort", "reached", "pupils", "per_100", "others_reached", "others", "others_per_100")
ITEMS = ("only_under", "first", "rule", "sort", "upn", "what", "key")
ROWS = ("month", "rule", "what", "sort", "asked", "changed", "difference")
GROUPS = ("SEN", "free school meals", "English as an additional language")


@app.command()
def replay(
    ctx: typer.Context,
    first: Annotated[str | None, typer.Option("--from", help="The first day.", metavar="DAY")] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last day.", metavar="DAY")] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Compare with the parameters in this folder.", metavar="DIR")
    ] = None,
    carried_out: Annotated[
        bool, typer.Option("--carried-out", help="Take what was asked for as done when it fell due.")
    ] = False,
    items: Annotated[bool, typer.Option("--items", help="List each thing that differs, with its pupil.")] = False,
    without: WithoutOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what would have been asked for over days that are past; change nothing."""
    office = open_office(ctx.obj, without=without)
    start, end = _span(office, first, last)
    when = _moments(office, start, end)
    other = None if policy is None else changed_policy(office.parameters, policy)
    folders = [None] if policy is None else [None, policy.resolve()]
    job = Job(office.settings.folder.resolve(), tuple(without or ()), None, carried_out, when)
    with working("replaying"):
        looks = all_done([Job(job.folder, job.without, folder, carried_out, when) for folder in folders])
    for rule in sorted({rule for run in looks for one in run for rule in one.failed}):
        warn(f"{rule} could not judge on some of these days; what it would have asked for is missing below")
    found = [opened(gathered(run), start) for run in looks]
    head = {
        "from": start,
        "to": end,
        "looks": len(when),
        "carried_out": carried_out,
        "differing": differing(office.parameters, other) if other is not None else (),
    }
    _tell(office, found, looks[0], head, items, form)


def _moments(office: Office, start: date, end: date) -> tuple[datetime, ...]:
    """When to look: nothing is known of what came after the marks were last read."""
    with office.store() as store, store.read() as tx:
        known = pulled_at(tx)
    if known is None:
        raise ConfigurationError("no mark was ever read, so there is nothing to replay; run `mbls-sync pull` first")
    wanted = moments(office.calendar, start, end, looks_in_force(office.policy(end).text(LOOKS)))
    when = tuple(moment for moment in wanted if moment <= known)
    if not when or when[-1].date() < start:
        raise ConfigurationError(
            f"no school day of which marks are known lies between {start} and {end}; marks were last read at "
            f"{known.astimezone(office.zone):%H:%M on %d/%m/%Y}; correct --from and --to"
        )
    if len(when) < len(wanted):
        warn(f"marks were last read at {known.astimezone(office.zone):%H:%M on %d/%m/%Y}; what came after is left out")
    return when


def _span(office: Office, first: str | None, last: str | None) -> tuple[date, date]:
    today = office.local_now().date()
    end = day(last, "--to") if last else today
    if end > today:
        raise ConfigurationError(f"--to is {end}, which has not come; a replay looks back")
    start = day(first, "--from") if first else AcademicYear.of(end).first
    if start > end:
        raise ConfigurationError(f"--from is {start} and --to {end}; turn them round")
    return start, end


def _tell(
    office: Office,
    found: Sequence[Sequence[Asked]],
    looks: Sequence[Look],
    head: Mapping[str, Any],
    items: bool,
    form: Format,
) -> None:
    titles = {rule.info.id: rule.info.title for rule in office.registry.bound}
    stages, evenly = _stages(found, titles), _evenly(office, found, looks)
    if items:
        show(_items(found), ITEMS, form, head=head)
    elif form is Format.CSV:
        show(_by_month_and_stage(found, titles), ROWS, form)
    elif form is Format.JSON:
        body = {"months": _by_month_and_stage(found, titles), "groups": evenly}
        show(stages, STAGES, form, head={**head, **body})
    else:
        _print(found, stages, evenly, head)


def _print(
    found: Sequence[Sequence[Asked]],
    stages: Sequence[Mapping[str, Any]],
    evenly: Sequence[Mapping[str, Any]],
    head: Mapping[str, Any],
) -> None:
    compared = len(found) > 1
    title = f"What was called for from {head['from']:%d/%m/%Y} to {head['to']:%d/%m/%Y}"
    show(stages, STAGES if compared else STAGES[:4], Format.TABLE, title=title)
    for name, asked in zip(("under the policy", "under the changed policy"), found, strict=False):
        show(_months(asked), MONTHS, Format.TABLE, title=f"By month, {name}")
    for name in {row["policy"]: None for row in evenly}:
        rows = [row for row in evenly if row["policy"] == name]
        show(rows, SHARES, Format.TABLE, title=f"Pupils reached, of each group and of everybody else: {name}")
    if compared:
        differs = ", ".join(head["differing"]) or "nothing"
        say(f"The changed policy differs in: {differs}.")
    taken = (
        "taken as done when it fell due" if head["carried_out"] else "counted as recorded, and as not done where not"
    )
    say(f"Steps were {taken}. Looked at {head['looks']} moments. Nothing was changed.")


def _stages(found: Sequence[Sequence[Asked]], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    counts = [Counter((one.rule, one.sort) for one in asked) for asked in found]
    return [_compared(rule, sort, titles, counts) for rule, sort in sorted({key for one in counts for key in one})]


def _by_month_and_stage(found: Sequence[Sequence[Asked]], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    counts = [by_stage(asked) for asked in found]
    return [
        {"month": at.month, **_row(at.rule, at.sort, titles, [one.get(at, 0) for one in counts])}
        for at in sorted({at for one in counts for at in one})
    ]


def _compared(
    rule: str, sort: Sort, titles: Mapping[str, str], counts: Sequence[Mapping[tuple[str, Sort], int]]
) -> dict[str, Any]:
    return _row(rule, sort, titles, [one.get((rule, sort), 0) for one in counts])


def _row(rule: str, sort: Sort, titles: Mapping[str, str], counts: Sequence[int]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "rule": rule,
        "what": titles.get(rule, "the program's own"),
        "sort": str(sort),
        "asked": counts[0],
    }
    if len(counts) > 1:
        row |= {"changed": counts[1], "difference": counts[1] - counts[0]}
    return row


def _months(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    months = sorted({f"{one.first:%Y-%m}" for one in asked})
    counts = Counter((f"{one.first:%Y-%m}", one.sort) for one in asked)
    return [{"month": month, **{str(sort): counts[month, sort] for sort in Sort}} for month in months]


def _evenly(office: Office, found: Sequence[Sequence[Asked]], looks: Sequence[Look]) -> list[dict[str, Any]]:
    with office.store() as store, store.read() as tx:
        roll = roll_of(tx, office.inputs(store, frozenset({JUDGE})), looks[-1].at)
    groups = {name: _members(roll, name) for name in GROUPS}
    names = ("the policy", "the changed policy")
    return [
        {
            "policy": name,
            "group": share.group,
            "sort": str(share.sort),
            "reached": share.reached,
            "pupils": share.pupils,
            "per_100": _per_100(share.reached, share.pupils),
            "others_reached": share.others_reached,
            "others": share.others,
            "others_per_100": _per_100(share.others_reached, share.others),
        }
        for name, asked in zip(names, found, strict=False)
        for share in shares(asked, groups)
    ]


def _members(roll: Sequence[Pupil], group: str) -> dict[PupilId, bool]:
    """Who is in a group and who is not; whoever the MIS says nothing of is in neither."""
    told: dict[PupilId, bool] = {}
    for pupil in roll:
        said = characteristics_of(pupil)
        if group == "SEN":
            told[pupil.id] = bool(pupil.education_health_care_plan) or pupil.sen_status not in ("", "N")
        elif group in said or f"not {group}" in said:
            told[pupil.id] = group in said
    return told


def _per_100(count: int, of: int) -> str:
    return "" if not of else f"{100 * count / of:.1f}"


def _items(found: Sequence[Sequence[Asked]]) -> list[dict[str, Any]]:
    """Each thing asked for; with two policies, each that only one of them asks for."""
    keys = [{one.key for one in asked} for asked in found]
    if len(found) == 1:
        return [_item("", one) for one in found[0]]
    apart = [("the policy", one) for one in found[0] if one.key not in keys[1]]
    apart += [("the changed policy", one) for one in found[1] if one.key not in keys[0]]
    return [_item(under, one) for under, one in apart]


def _item(under: str, one: Asked) -> dict[str, Any]:
    return {
        "only_under": under,
        "first": one.first,
        "rule": one.rule,
        "sort": str(one.sort),
        "upn": one.pupil,
        "what": one.title,
        "key": one.key,
    }
