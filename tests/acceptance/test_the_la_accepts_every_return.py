"""Each return of the synthetic school, as each LA takes it: a receiver that knows the profile alone accepts it.

The files are those of `golden_returns/`, byte for byte; `python -m tests.acceptance.renew_golden_returns` writes them
anew where a change of them is meant.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.returns import PreparedReturn, files_of, write_return
from mbls_sync.demo.school import DAY
from mbls_sync.model.la_profile import FileFormat
from mbls_sync.policy.places import profile_folder, shipped_config
from tests.acceptance.la_receiver import receive
from tests.acceptance.renew_golden_returns import GOLDEN, kept
from tests.returns_school import PROFILES, desk_in, registry, returns_of, world_of

EVERY = {
    "central-bedfordshire": {"absence-alert", "attendance", "deletion", "missing-education", "new-pupil",
                             "register-check", "sickness"},
    "hertfordshire": {"attendance", "deletion", "missing-education", "new-pupil", "sickness"},
    "stockport": {"attendance", "deletion", "missing-education", "new-pupil", "sickness"},
}  # fmt: skip


@pytest.fixture(scope="module", params=PROFILES)
def desk(request: pytest.FixtureRequest) -> Desk:
    return desk_in(world_of(request.param), request.param)


@pytest.fixture(scope="module")
def returns(desk: Desk) -> list[PreparedReturn]:
    return returns_of(desk)


def test_every_return_that_the_profile_names_has_a_line(desk: Desk, returns: list[PreparedReturn]) -> None:
    assert {one.due.name for one in returns} == EVERY[desk.profile.name] == set(desk.profile.forms)


def test_the_receiver_accepts_every_file(desk: Desk, returns: list[PreparedReturn], tmp_path: Path) -> None:
    profile = profile_folder(shipped_config()) / f"{desk.profile.name}.yaml"
    for one in returns:
        write_return(desk, one.due, registry().returns[one.due.name], tmp_path)
    assert {one.ref: receive(profile, one.due.name, tmp_path, DAY) for one in returns} == {
        one.ref: [] for one in returns
    }


def test_the_receiver_sends_back_what_another_la_takes(
    desk: Desk, returns: list[PreparedReturn], tmp_path: Path
) -> None:
    other = next(name for name in ("stockport", "hertfordshire") if name != desk.profile.name)
    one = next(one for one in returns if one.due.name == "attendance")
    write_return(desk, one.due, registry().returns["attendance"], tmp_path)
    assert receive(profile_folder(shipped_config()) / f"{other}.yaml", "attendance", tmp_path, DAY)


def test_each_file_is_the_golden_one(desk: Desk, returns: list[PreparedReturn]) -> None:
    made = {name: text for one in returns for name, text in kept(one).items()}
    folder = GOLDEN / desk.profile.name
    assert made == {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_same_bytes_come_out_whatever_the_order_of_lines_pupils_and_plugins(desk: Desk, tmp_path: Path) -> None:
    random = Random(4)
    effects, roll, events = list(desk.effects), list(desk.roll), list(desk.events)
    random.shuffle(effects)
    random.shuffle(roll)
    shuffled = replace(desk, effects=tuple(effects), roll=tuple(roll), histories=dict(reversed(desk.histories.items())))
    assert [event for event in events if event.pupil is None] == [], "the order of what happened is no accident"
    for place, one in (("one", desk), ("two", shuffled)):
        for due in (prepared.due for prepared in returns_of(one)):
            write_return(one, due, registry().returns[due.name], tmp_path / place)
    files = {place: {file.name: file.read_bytes() for file in (tmp_path / place).iterdir()} for place in ("one", "two")}
    assert files["one"] == files["two"]


def test_no_file_s_name_is_made_from_a_pupil(desk: Desk, returns: list[PreparedReturn]) -> None:
    names = [name for one in returns for name in files_of(one)]
    for pupil in desk.roll:
        assert not [name for name in names if pupil.upn in name or pupil.surname.casefold() in name.casefold()]


def test_one_child_stands_on_a_form_where_the_la_wants_it_so(returns: list[PreparedReturn]) -> None:
    for one in returns:
        if one.form.format is FileFormat.FILL_SHEET:
            page = files_of(one)[one.file_for_la].decode()
            assert page.count('<dl class="fields">') == len(one.entries)
            assert ("break-before: page" in page) is one.form.one_pupil_each
