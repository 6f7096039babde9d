"""What `check` looks at in the LA's profile: that it is the school's own LA, and that each form can be laid out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from mbls_sync.cli.checks import NOTE, OK, PROBLEM, Line, Look, problems
from mbls_sync.cli.wiring import Office
from mbls_sync.delivery import lint_packets
from mbls_sync.delivery.lint import the_rule
from mbls_sync.delivery.lint_returns import RULES
from mbls_sync.errors import MblsError
from mbls_sync.model.la_profile import LaProfile, ReturnForm
from mbls_sync.model.papers import ReturnDue
from mbls_sync.policy.la_profiles import load_profiles
from mbls_sync.policy.places import profile_folder, shipped_config

NAME = "la profile"


def la_profile(office: Office) -> Iterator[Line]:
    """Every profile is readable; the one in use is the school's LA's, and its forms name fields and rules there are."""
    profile, school = office.profile, office.settings.school
    if not profile.file:
        mend = "copy one from the shipped config/la, or set la_profile"
        yield Line(NOTE, NAME, f"no LA profile for {school.la_code}: returns have their writers' own columns", mend)
        return
    if profile.la_code != school.la_code:
        says = f"{profile.file}: the school's LA is {school.la_code}, and this profile is that of {profile.la_code}"
        yield Line(NOTE, NAME, says, f"add the LA's own file beside it with la_code: '{school.la_code}'")
    if profile.review_by is not None and profile.review_by < office.local_now().date():
        says = f"{profile.file} was to be reviewed by {profile.review_by.isoformat()}"
        yield Line(NOTE, NAME, says, "ask the LA whether its forms are still so, then move review_by")
    yield from _beside_shipped(profile)
    found = [*_forms(office), *_packet_forms(office)]
    yield from found
    if not any(line.standing == PROBLEM for line in found):
        count = sum(map(len, (*profile.forms.values(), *profile.packet_forms.values())))
        yield Line(OK, NAME, f"{profile.file}: {profile.la_name}, {count} forms")


def _beside_shipped(profile: LaProfile) -> Iterator[Line]:
    """Forms that a new version ships for this LA: its own file is the school's, and an update changes nothing in it."""
    theirs = load_profiles(profile_folder(shipped_config())).get(Path(profile.file).stem)
    if theirs is None:
        return
    ours = {*profile.forms, *profile.packet_forms}
    if new := sorted({*theirs.forms, *theirs.packet_forms} - ours):
        says = f"{profile.file}: this version also ships how {profile.la_name} takes {', '.join(new)}"
        yield Line(NOTE, NAME, says, f"copy what is so for the school from {theirs.file}")


def _forms(office: Office) -> Iterator[Line]:
    writers = office.registry.returns
    for name, forms in office.profile.forms.items():
        if name not in writers:
            there = ", ".join(writers) or "none"
            mend = "correct the name, or add the plugin that writes it to `plugins`"
            says = f"{forms[0].place}: no plugin in use writes the return {name!r}; there are: {there}"
            yield Line(PROBLEM, NAME, says, mend)
            continue
        for form in forms:
            try:
                _laid_out(office, form)
            except MblsError as error:
                yield from problems(NAME, error)


def _packet_forms(office: Office) -> Iterator[Line]:
    builders = office.registry.packets
    for kind, forms in office.profile.packet_forms.items():
        if kind not in builders:
            there = ", ".join(builders) or "none"
            says = f"{forms[0].place}: no plugin in use builds a packet of kind {kind!r}; there are: {there}"
            yield Line(PROBLEM, NAME, says, "correct the kind, or add the plugin that builds it to `plugins`")
        for form in forms:
            for one in form.checks:
                try:
                    the_rule(one, lint_packets.RULES)
                except MblsError as error:
                    yield from problems(NAME, error)


def _laid_out(office: Office, form: ReturnForm) -> None:
    """Lay the form out with nobody in it, so that a field that there is not is found before the day it is due."""
    for one in form.checks:
        the_rule(one, RULES)
    today = office.local_now().date()
    day = max(form.since, today)
    due = ReturnDue(form.name, "check", day, day, day)
    school, policy = office.settings.the_school(), office.policy(day)
    office.registry.returns[form.name](due=due, entries=(), school=school, policy=policy, form=form)


LOOKS: Mapping[str, Look] = {NAME: la_profile}
