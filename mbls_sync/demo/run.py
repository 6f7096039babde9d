"""Plays one morning of the synthetic school through the real adapter, as its drop folder would see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from mbls_sync.demo.absence import Marks
from mbls_sync.demo.exports import (
    write_events,
    write_leave_requests,
    write_marks,
    write_messages,
    write_people,
    write_sign_ins,
)
from mbls_sync.demo.office import Steps
from mbls_sync.demo.people import Family
from mbls_sync.demo.school import DAY, SyntheticSchool, synthetic_school
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.marks import PupilId
from mbls_sync.policy.view import Parameter, PolicyAt

PLUGINS = ("integris-csv", "packets", "returns-la", "rules-school")
HEAD = "# The settings of the demo's school. Nobody in it is real.\n"
SETTINGS = f"""\
{HEAD}\
mode = "shadow"
go_live = 2025-09-01
plugins = [PLUGINS]
shared_folder = "shared-drive"

[school]
id = "exampleton"
name = "Exampleton Lower School (synthetic)"
la_code = "823"
la_name = "Central Bedfordshire"
establishment_number = "9999"
address = "1 Pretend Lane, Exampleton ZZ1 9ZZ"
telephone = "01632 960000"
email = "office@exampleton.invalid"
head = "H. Head-Example"
attendance_officer = "O. Officer-Example"

"""
DROP_FOLDER = """\
[sources.integris]
adapter = "integris-csv"

[sources.integris.options]
folder = "inbox"
settle_seconds = 0
"""


class Mis(Protocol):
    """What holds the school's people and marks."""

    @property
    def sources(self) -> str:
        """The sources of the settings."""
        ...

    def people(self, inbox: Path, households: Sequence[Family]) -> None:
        """Everybody on roll, whom to call, flags and patterns."""
        ...

    def marks(self, inbox: Path, name: str, marks: Mapping[PupilId, Marks]) -> None:
        """Marks as they stand at one moment; `name` tells an export of them from others."""
        ...


class ByExport:
    """Integris: its people and marks come as CSV files in the drop folder."""

    sources = DROP_FOLDER

    def people(self, inbox: Path, households: Sequence[Family]) -> None:
        """Four files."""
        write_people(inbox, households)

    def marks(self, inbox: Path, name: str, marks: Mapping[PupilId, Marks]) -> None:
        """One file."""
        write_marks(inbox / f"marks-{name}.csv", marks)


class Hands(Protocol):
    """What the demo does with a school, each as the command of that name would."""

    def init(self, folder: Path, settings: str) -> tuple[SchoolCalendar, Mapping[str, Parameter]]:
        """Make the school's folder with these settings; give its calendar and parameters."""
        ...

    def call(self, folder: Path, pseudonyms: Mapping[PupilId, str]) -> None:
        """Have files call the pupils by these pseudonyms."""
        ...

    def once(self, folder: Path, at: datetime) -> int:
        """One pass as at `at`; how many effects changed."""
        ...

    def returns(self, folder: Path, name: str, at: datetime) -> Sequence[Path]:
        """Write one LA return; the files written."""
        ...

    def packets(self, folder: Path, at: datetime) -> Sequence[Path]:
        """Write every packet that is due; the files written."""
        ...


def run(
    folder: Path,
    seed: int,
    hands: Hands,
    say: Callable[[str], None],
    mis: Mis | None = None,
    pupils: int = 400,
) -> list[Path]:
    """Make the school in `folder` and play its morning. Gives every file below its out folder.

    Deterministic: the same seed gives the same files, byte for byte. Raises ConfigurationError where `folder` holds a
    school already.
    """
    mis = mis or ByExport()
    calendar, parameters = hands.init(folder, settings_of(mis))
    school = synthetic_school(seed, calendar, office_steps(parameters, DAY), pupils)
    hands.call(folder, school.pseudonyms(seed))
    inbox = folder / "inbox"
    say(f"a synthetic school: {sum(len(h.pupils) for h in school.households)} pupils, {DAY:%A %d %B %Y}")
    _eve(school, inbox, mis)
    eve = calendar.school_days[calendar.school_days.index(DAY) - 1]
    say(f"history read; {hands.once(folder, school.moment(16, 0, eve))} effects stand on the eve")
    mis.marks(inbox, "0850", school.morning.before)
    _office(school, inbox, school.moment(8, 50))
    say(f"8.50: one register is not taken; {hands.once(folder, school.moment(8, 50))} effects changed")
    mis.marks(inbox, "0916", school.morning.at_close)
    close = school.moment(9, 16)
    _office(school, inbox, close)
    say(f"9.16: the morning register has closed; {hands.once(folder, close)} effects changed")
    say(f"9.16 again: {hands.once(folder, close)} effects changed")
    hands.returns(folder, "register-check", close)
    hands.packets(folder, close)
    return sorted(path for path in (folder / "out").rglob("*") if path.is_file())


def settings_of(mis: Mis) -> str:
    """The settings of a school whose people and marks this MIS holds: its plugins, its adapter, its sources."""
    adapters = [name for name in ("rest", "wonde") if f'adapter = "{name}"' in mis.sources]
    plugins = ", ".join(f'"{name}"' for name in sorted([*PLUGINS, *adapters]))
    return SETTINGS.replace("PLUGINS", plugins) + mis.sources


def office_steps(parameters: Mapping[str, Parameter], day: date) -> Steps:
    """The thresholds by which the synthetic office worked: the school's own, as in force on `day`."""
    policy = PolicyAt(parameters, day)
    return Steps(
        support_percent=policy.percent("stage.support_percent"),
        review_percent=policy.percent("stage.review_percent"),
        target_percent=policy.percent("stage.target_percent"),
        min_possible=policy.count("stage.min_possible"),
        monitoring_weeks=policy.count("stage.monitoring_weeks"),
        term_weeks=policy.count("stage.term_weeks"),
        stable_weeks=policy.count("stage.stable_weeks"),
    )


def _eve(school: SyntheticSchool, inbox: Path, mis: Mis) -> None:
    mis.people(inbox, school.households)
    for year, marks in school.history.items():
        mis.marks(inbox, str(year), marks)
    write_events(inbox, school.events)
    eve = school.moment(16, 0, max(day for day in school.calendar.school_days if day < DAY))
    write_leave_requests(inbox, (r for r in school.morning.requests if r.received_at <= eve))


def _office(school: SyntheticSchool, inbox: Path, now: datetime) -> None:
    write_messages(inbox, (m for m in school.morning.messages if m.received_at <= now))
    write_leave_requests(inbox, (r for r in school.morning.requests if r.received_at <= now))
    write_sign_ins(inbox, (s for s in school.morning.sign_ins if s.time <= now.time()))
