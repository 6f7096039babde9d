"""What `check` looks at in the set-up: settings, policy, calendar, codes, plugins, sources and folders."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from mbls_sync.cli.channels import ways_of
from mbls_sync.cli.wiring import Office, how_to_add
from mbls_sync.contracts import HealthReport
from mbls_sync.delivery.as_taken import form_of, misfit
from mbls_sync.delivery.letters import templates_in, tried
from mbls_sync.delivery.sending import Way
from mbls_sync.errors import ConfigurationError, MblsError
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.sendings import PaperKind
from mbls_sync.policy.benchmarks import chosen
from mbls_sync.policy.load import load_parameters
from mbls_sync.policy.places import benchmarks_file, calendar_folder, codes_file, parameter_folder, shipped_config
from mbls_sync.policy.reminders import reminders_in
from mbls_sync.policy.view import REMINDERS
from mbls_sync.registry.discover import find_plugins
from mbls_sync.settings.parts import LOOPBACK

OK, NOTE, PROBLEM = "ok", "note", "problem"
AHEAD = timedelta(days=60)
"""How far ahead the calendar must reach: within it lie the deadlines that a pass today may name."""

ROOM = 64 << 20
"""Bytes that a disk must have left: a first load of one school's two years took half of it."""

TEMPLATE_SCHOOL = "my-school"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at: ok, a note for a person, or a problem that must be mended."""

    standing: str
    name: str
    says: str
    mend: str = ""


Look = Callable[[Office], Iterable[Line]]


def problems(name: str, error: MblsError) -> Iterator[Line]:
    """One line for each thing that an error names. Its own text says what to do."""
    for text in str(error).splitlines():
        yield Line(PROBLEM, name, text)


def of_report(report: HealthReport) -> Line:
    """What an adapter or a plugin says of itself. Well, and yet with something to look at: a note."""
    standing = PROBLEM if not report.ok else NOTE if report.mend else OK
    return Line(standing, report.name, report.says, report.mend)


def settings(office: Office) -> Line:
    """Say which settings were read."""
    found = office.settings
    if found.school.id == TEMPLATE_SCHOOL:
        where = found.origin("school", "id")
        return Line(NOTE, "settings", f"{where}: the school is still the template's", "write there who the school is")
    live = found.go_live.isoformat() if found.go_live else "no date"
    return Line(OK, "settings", f"{found.file}: {found.school.name}, mode {found.mode}, go-live {live}")


def policy(office: Office) -> Iterator[Line]:
    """Every parameter is readable; those whose review is past are named."""
    folder = parameter_folder(office.settings.config_folder)
    today = office.local_now().date()
    reminders = len(reminders_in(office.parameters))
    says = f"{folder}: {len(office.parameters) - reminders} parameters, and {reminders} reminders"
    yield Line(OK, "policy", says)
    yield from _beside_shipped(office, folder)
    for parameter in office.parameters.values():
        if parameter.review_by is not None and parameter.review_by < today:
            yield Line(
                NOTE,
                "policy",
                f"{parameter.file}: {parameter.name} was to be reviewed by {parameter.review_by.isoformat()}",
                "have the head confirm the value, then move review_by",
            )


def _beside_shipped(office: Office, folder: Path) -> Iterator[Line]:
    """Every parameter that the rules read is there, of its kind and with a value today.

    A file that is gone, or whose name was mistyped, would otherwise be found out by the first rule that reads it.
    """
    today = office.local_now().date()
    shipped = load_parameters(parameter_folder(shipped_config()))
    for name, theirs in shipped.items():
        ours = office.parameters.get(name)
        file = folder / theirs.file.relative_to(parameter_folder(shipped_config()))
        if ours is None:
            mend = f"{how_to_add(office.settings.folder)}; else correct its name, and let this user read it"
            yield Line(PROBLEM, "policy", f"{file}: {name} is missing or cannot be read, and rules read it", mend)
        elif ours.kind is not theirs.kind:
            mend = f"write kind: {theirs.kind}, and values of that kind"
            yield Line(PROBLEM, "policy", f"{ours.file}: {name} is of kind {ours.kind}", mend)
        elif ours.values[0].since > today >= theirs.values[0].since:
            says = f"{ours.file}: {name} has no value today; its first starts {ours.values[0].since.isoformat()}"
            yield Line(PROBLEM, "policy", says, "add the value that is in force today, with its citation")
    for name in sorted(name for name in set(office.parameters) - set(shipped) if not name.startswith(REMINDERS)):
        mend = "correct the file's name, unless a plugin of your own reads it"
        yield Line(NOTE, "policy", f"{office.parameters[name].file}: nothing shipped reads {name}", mend)


def letters(office: Office) -> Iterator[Line]:
    """Every letter that is shipped has its template, and each can be filled with a made-up pupil."""
    folder, now = office.folders.templates, office.local_now()
    stems = sorted({*templates_in(shipped_config() / "letters"), *templates_in(folder)})
    wrong = 0
    for stem in stems:
        try:
            tried(folder, stem, office.settings.the_school(), now)
        except ConfigurationError as error:
            wrong += 1
            yield Line(PROBLEM, "letters", str(error))
    yield Line(
        OK if not wrong else NOTE, "letters", f"{folder}: {len(stems) - wrong} of {len(stems)} templates can be filled"
    )


def calendar(office: Office) -> Iterator[Line]:
    """The calendar covers today and the weeks ahead."""
    folder = calendar_folder(office.settings.config_folder)
    today = office.local_now().date()
    gaps = sorted({AcademicYear.of(day) for day in (today, today + AHEAD) if not office.calendar.covers(day)})
    for year in gaps:
        begins = max(today, year.first)
        yield Line(
            PROBLEM,
            "calendar",
            f"{folder / f'{year}.yaml'} is missing: no calendar covers {begins.isoformat()}, and deadlines are counted "
            f"in school days",
            f"copy another year's file to {year}.yaml and write the terms of {year}",
        )
    if not gaps:
        years = ", ".join(str(year.year) for year in office.calendar.years)
        until = (today + AHEAD).isoformat()
        yield Line(OK, "calendar", f"{folder}: {years}; covers {today.isoformat()} to {until}")


def benchmarks(office: Office) -> Iterator[Line]:
    """The published figures are readable, and there are some for the areas the school is set beside."""
    file, today = benchmarks_file(office.settings.config_folder), office.local_now().date()
    policy = office.policy(today)
    areas = [area.strip() for area in policy.text("benchmarks.areas").split(",")]
    rows = chosen(office.benchmarks, today, policy.text("benchmarks.phase"), areas)
    missing = [area for area in areas if area.casefold() not in {row.area.casefold() for row in rows}]
    until = max((row.last for row in rows), default=None)
    if missing:
        mend = "add rows for them, or correct the parameters benchmarks.areas and benchmarks.phase"
        yield Line(NOTE, "benchmarks", f"{file}: no published figures for {', '.join(missing)}", mend)
    if until is not None:
        yield Line(
            OK, "benchmarks", f"{file}: {len(office.benchmarks)} rows; the latest in use ends {until.isoformat()}"
        )


def codes(office: Office) -> Iterator[Line]:
    """The national code set is readable and covers today."""
    today = office.local_now().date()
    file = codes_file(office.settings.config_folder)
    yield Line(
        OK, "codes", f"{file}: {len(office.codebook.codes_on(today))} codes today, {len(office.codebook.codes)} in all"
    )


def plugins(office: Office) -> Iterator[Line]:
    """The plugins in use load; what was found and is not enabled is said."""
    enabled = set(office.settings.plugins)
    found = find_plugins(office.settings.folders_of_plugins)
    where = office.settings.origin("plugins")
    for plugin in found:
        if plugin.name not in enabled:
            mend = f"to use it, add {plugin.name!r} to `plugins` ({where})"
            yield Line(NOTE, "plugins", f"{plugin.name}: {plugin.where}, not enabled", mend)
    registry = office.registry
    for loaded in registry.loaded:
        yield Line(
            OK,
            "plugins",
            f"{loaded.plugin.name} {loaded.plugin.version}: hooks in use: {len(loaded.hooks)}".replace("  ", " "),
        )
    if not registry.bound:
        yield Line(NOTE, "plugins", "no plugin in use brings a rule: nothing will be judged", "enable rules-school")
    yield from map(of_report, registry.check_health(office.local_now()))


def folders(office: Office) -> Iterator[Line]:
    """Every folder that is written to can be."""
    given = office.settings
    wanted: Mapping[str, Path | None] = {
        "data": given.data_folder,
        "out": given.out_folder,
        "shared_folder": given.locate(given.shared_folder),
        "task_list.folder": given.locate(given.task_list.folder),
    }
    for name, folder in wanted.items():
        if folder is not None:
            yield _folder(name, folder, given.origin(*name.split(".")))
    for folder in given.folders_of_plugins:
        if not folder.is_dir():
            says = f"{given.origin('plugin_folders')}: plugin_folders names {folder}, which is no folder"
            yield Line(PROBLEM, "folders", says, "make it, or correct the setting")


def channels(office: Office) -> Iterator[Line]:
    """Every channel opens, and its sender finds all that it needs. Nothing is sent."""
    for way in ways_of(office.settings, office.registry):
        where = office.settings.origin("channels", way.name)
        for report in way.sender.info.probe(way.channel):
            line = of_report(report)
            says = line.says if report.ok else f"{where}: {line.says}"
            yield Line(line.standing, f"channel {way.name}", f"{report.name}: {says}", line.mend)
        yield from _as_the_la_takes_them(office, way)


def _as_the_la_takes_them(office: Office, way: Way) -> Iterator[Line]:
    """Each paper of a channel that the LA's profile says is taken by another way."""
    for paper in way.papers:
        kind = PaperKind.RETURN if paper in office.registry.returns else PaperKind.PACKET
        if wrong := misfit(way, form_of(office.profile, paper, kind, office.local_now().date())):
            says = f"{office.settings.origin('channels', way.name)}: {paper} waits for a person each time: {wrong}"
            yield Line(NOTE, f"channel {way.name}", says, "take the paper out of this channel, or correct the profile")


def mail(office: Office) -> Iterator[Line]:
    """Where the list is mailed, and how safely."""
    found = office.settings.task_list.mail
    if found is not None:
        safely = "on this machine" if found.host in LOOPBACK else f"with {found.tls}"
        yield Line(OK, "mail", f"to {len(found.to)} by {found.host}:{found.port} {safely}")


def timetable(office: Office) -> Iterator[Line]:
    """The next pass has a time."""
    following = office.timetable.next_slot(office.clock())
    if following is None:
        raise ConfigurationError(
            "no pass will ever be due: no school day lies ahead in the calendars; add the next year's",
            file=calendar_folder(office.settings.config_folder),
        )
    yield Line(OK, "timetable", f"the next pass is due at {following.key.replace('T', ' ')} ({office.settings.zone})")


LOOKS: Mapping[str, Look] = {
    "policy": policy,
    "letters": letters,
    "calendar": calendar,
    "codes": codes,
    "benchmarks": benchmarks,
    "plugins": plugins,
    "folders": folders,
    "mail": mail,
    "channels": channels,
    "timetable": timetable,
}


def _folder(name: str, folder: Path, where: str) -> Line:
    set_there = "" if where == "default" else f"{where}: "
    if not folder.exists():
        parent = next(above for above in folder.parents if above.exists())
        if name in ("data", "out") and os.access(parent, os.W_OK):
            return Line(OK, "folders", f"{folder} will be made when it is first needed")
        says = f"{set_there}{name} is {folder}, which is not there"
        return Line(PROBLEM, "folders", says, "make the folder or connect the drive, or correct the setting")
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        says = f"{set_there}{name} is {folder}, which is no folder this user can write to"
        return Line(PROBLEM, "folders", says, "give this user the right to write there, or correct the setting")
    if (free := shutil.disk_usage(folder).free) < ROOM:
        says = f"the disk of {folder} has {free >> 20} MB left, and a pass needs room for its database and papers"
        return Line(PROBLEM, "folders", says, "make room on it")
    return Line(OK, "folders", f"{folder} can be written to")
