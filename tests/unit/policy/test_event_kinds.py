"""The kinds of events are one list: what is shipped, what a school adds, and what its reminders record."""

import pytest

from mbls_sync.errors import ParameterError
from mbls_sync.policy.event_kinds import known_kinds, load_event_kinds, nearest
from mbls_sync.policy.places import events_file, shipped_config
from mbls_sync.policy.reminders import load_policy

SHIPPED = load_event_kinds(events_file(shipped_config()))


def written(folder, text):
    file = events_file(folder)
    file.write_text(f"events:\n{text}", encoding="utf-8")
    return file


def test_an_entry_may_hold_several_kinds_that_are_said_together(tmp_path):
    found = load_event_kinds(
        written(tmp_path, "  - kinds: cake-baked cake-eaten\n    says: of cakes\n    outcome: the cake\n")
    )
    assert [(kind.kind, kind.says, kind.outcome) for kind in found.values()] == [
        ("cake-baked", "of cakes", "the cake"),
        ("cake-eaten", "of cakes", "the cake"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("  - kinds: cake-baked\n    says: once\n  - kinds: cake-baked\n    says: twice\n", 4, "stands twice"),
        ("  - kinds: Cake_Baked\n    says: once\n", 2, "lower case"),
        ("  - kinds: cake-baked\n", 2, "lacks says"),
    ],
)
def test_what_does_not_hold_is_told_with_its_line(tmp_path, text, line, said):
    file = written(tmp_path, text)
    with pytest.raises(ParameterError) as told:
        load_event_kinds(file)
    assert f"events.yaml:{line}" in str(told.value)
    assert said in str(told.value)


def test_a_school_adds_its_own_and_lacks_none_that_came_with_an_update(tmp_path):
    written(tmp_path, "  - kinds: breakfast-club-offered\n    says: a place was offered\n")
    found = known_kinds(tmp_path, {})
    assert found.keys() == {*SHIPPED, "breakfast-club-offered"}


def test_a_school_without_a_list_has_the_shipped_one(tmp_path):
    assert known_kinds(tmp_path, {}).keys() == SHIPPED.keys()


def test_what_a_reminder_of_the_school_records_is_known(tmp_path):
    parameters = load_policy(shipped_config())
    row = parameters["reminders.staff_trained"]
    dated = row.values[0]
    pairs = tuple((name, "cake-baked" if name == "done_as" else text) for name, text in dated.value)
    own = type(row)(row.name, row.describe, row.kind, (type(dated)(dated.since, pairs, "x", "y"),), None, row.file)
    assert "cake-baked" in known_kinds(tmp_path, {"reminders.staff_trained": own})


@pytest.mark.parametrize(("slip", "meant"), [("ewo-refered", "ewo-referred"), ("home-vist", "home-visit")])
def test_the_nearest_of_a_slip_is_what_was_meant(slip, meant):
    assert nearest(slip, SHIPPED)[0] == meant
