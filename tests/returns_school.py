"""The synthetic school's desk with every return of one LA on it, made without a store: for golden files and benches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.returns import PreparedReturn, prepare
from mbls_sync.delivery.timetable_of_returns import ahead
from mbls_sync.demo.run import office_steps
from mbls_sync.demo.school import DAY, SyntheticSchool, synthetic_school
from mbls_sync.engine.apply import judge
from mbls_sync.engine.reconcile import reconcile
from mbls_sync.engine.resolve import resolve
from mbls_sync.engine.subjects import Subjects
from mbls_sync.engine.world import World
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.deliveries import Mode
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import School
from mbls_sync.model.sessions import Session
from mbls_sync.pipeline.papers import desk_of
from mbls_sync.policy.calendars import load_calendar
from mbls_sync.policy.codebook import load_codes
from mbls_sync.policy.la_profiles import laid_over, load_profiles
from mbls_sync.policy.places import calendar_folder, codes_file, profile_folder, shipped_config
from mbls_sync.policy.reminders import load_policy
from mbls_sync.registry.manager import Registry, build_registry
from mbls_sync.testing.builders import some_registers

CONFIG = shipped_config()
PROFILES = load_profiles(profile_folder(CONFIG))
SCHOOL = School(
    id="exampleton",
    name="Exampleton Lower School (synthetic)",
    la_code="823",
    la_name="Central Bedfordshire",
    establishment_number="9999",
    address="1 Pretend Lane, Exampleton ZZ1 9ZZ",
    telephone="01632 960000",
    email="office@exampleton.invalid",
    head="H. Head-Example",
    attendance_officer="O. Officer-Example",
)


@cache
def registry() -> Registry:
    """Every bundled plugin."""
    return build_registry()


@cache
def made(seed: int = 1, pupils: int = 400) -> tuple[SchoolCalendar, SyntheticSchool]:
    """The school; the same for the same seed."""
    calendar = load_calendar(calendar_folder(CONFIG), ZoneInfo("Europe/London"))
    return calendar, synthetic_school(seed, calendar, office_steps(load_policy(CONFIG), DAY), pupils)


def world_of(profile: str, seed: int = 1, pupils: int = 400) -> World:
    """What is known when the morning register of the demo's day has closed."""
    calendar, school = made(seed, pupils)
    codes = load_codes(codes_file(CONFIG))
    now = school.moment(9, 16)
    return World(
        school=replace(SCHOOL, la_code=PROFILES[profile].la_code, la_name=PROFILES[profile].la_name),
        now=now,
        calendar=calendar,
        parameters=laid_over(load_policy(CONFIG), PROFILES[profile]),
        codebook=codes,
        registers=some_registers(_marks(school)),
        roll=tuple(pupil for household in school.households for pupil in household.pupils),
        messages=school.morning.messages,
        events=tuple(sorted(school.events, key=lambda event: event.at)),
    )


def desk_in(world: World, profile: str) -> Desk:
    """The desk with the lines that the rules for the LA ask for."""
    about_la = [rule for rule in registry().bound if rule.info.id.startswith("LA-") or rule.info.id == "HLT-01"]
    subjects = Subjects(world)
    found = resolve(judge(world, lambda hook: [r for r in about_la if r.judge == hook], str, subjects), world)
    assert not found.judged.failures, found.judged.failures
    effects = tuple(change.effect for change in reconcile(found, (), world))
    codes = load_codes(codes_file(CONFIG))
    return desk_of(world, subjects, Mode.SHADOW, codes, effects, 0, PROFILES[profile])


def returns_of(desk: Desk) -> list[PreparedReturn]:
    """Every return that the LA's profile names and in which somebody stands."""
    writers = registry().returns
    named = [due for due in ahead(desk, writers) if due.name in desk.profile.forms]
    prepared = [prepare(desk, due, writers[due.name]) for due in named]
    return [one for one in prepared if one.table.rows]


def _marks(school: SyntheticSchool) -> Mapping[PupilId, Mapping[Session, str]]:
    found: dict[PupilId, dict[Session, str]] = {}
    for marks in (*school.history.values(), school.morning.at_close):
        for pupil, line in marks.items():
            found.setdefault(pupil, {}).update(line)
    return found
