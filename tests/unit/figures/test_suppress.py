"""What a published table leaves out cannot be worked out from what it shows."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.figures.suppress import Published, hidden
from mbls_sync.model.marks import PupilId

FEW = 5


def pupils(first: int, count: int) -> frozenset[PupilId]:
    return frozenset(PupilId(f"P{number}") for number in range(first, first + count))


def a_table(*sizes: int) -> tuple[Published, frozenset[PupilId]]:
    """One grouping that divides everybody into groups of these sizes."""
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    groups = {f"G{at}": pupils(start, size) for at, (start, size) in enumerate(zip(starts, sizes, strict=True))}
    return Published(groups, (tuple(groups),)), pupils(0, sum(sizes))


def test_a_group_of_four_pupils_is_hidden_and_one_of_five_is_shown():
    table, everybody = a_table(4, 30, 30, 5)
    assert "G0" in hidden(table, everybody, FEW)
    assert "G3" not in hidden(Published({"G3": table.groups["G3"]}), everybody, FEW)


def test_one_small_group_takes_the_smallest_other_with_it():
    table, everybody = a_table(3, 30, 20, 50)
    assert hidden(table, everybody, FEW) == {"G0", "G2"}


def test_two_small_groups_that_are_few_together_take_a_third_with_them():
    table, everybody = a_table(2, 2, 30, 50)
    assert hidden(table, everybody, FEW) == {"G0", "G1", "G2"}


def test_of_a_pair_the_large_half_goes_with_the_small_one():
    table, everybody = a_table(2, 398)
    assert hidden(table, everybody, FEW) == {"G0", "G1"}


def test_pupils_in_no_group_are_not_given_away_by_those_in_one():
    table = Published({"yes": pupils(0, 50), "no": pupils(50, 48)}, (("yes", "no"),))
    assert hidden(table, pupils(0, 100), FEW) == {"no"}


def test_a_class_that_differs_from_its_year_by_two_pupils_is_hidden():
    table = Published({"Year 1": pupils(0, 30), "1A": pupils(0, 28)})
    assert hidden(table, pupils(0, 90), FEW) == {"1A"}


def test_a_small_group_of_another_grouping_does_not_hide_every_group_of_the_school():
    years = {f"Year {n}": pupils(20 * n, 20) for n in range(5)}
    table = Published({**years, "few": pupils(0, 3), "rest": pupils(3, 97)}, (tuple(years), ("few", "rest")))
    assert hidden(table, pupils(0, 100), FEW) == {"few", "rest"}


def test_a_small_group_that_two_less_a_third_give_away_takes_one_of_them_with_it():
    groups = {"a": pupils(0, 10), "b": pupils(10, 10), "both but a few": pupils(3, 17), "few": pupils(0, 3)}
    table = Published(groups)
    assert worked_out(table, pupils(0, 100), {"few"}) == ["few"]
    assert hidden(table, pupils(0, 100), FEW) == {"few", "a"}


def test_where_nobody_is_nothing_is_hidden():
    assert hidden(Published({"empty": frozenset()}), frozenset(), FEW) == frozenset()


@st.composite
def schools(draw: st.DrawFn) -> tuple[Published, frozenset[PupilId]]:
    """Up to sixty pupils, divided by two or three groupings of up to five groups; some are in none."""
    count = draw(st.integers(FEW, 60))
    everybody = pupils(0, count)
    groups: dict[str, frozenset[PupilId]] = {}
    parts: list[tuple[str, ...]] = []
    for number in range(draw(st.integers(1, 3))):
        names = [f"{number}.{at}" for at in range(draw(st.integers(2, 5)))]
        chosen = draw(st.lists(st.sampled_from([*names, ""]), min_size=count, max_size=count))
        pairs = list(zip(sorted(everybody), chosen, strict=True))
        mine = {name: frozenset(pupil for pupil, of in pairs if of == name) for name in names}
        groups |= mine
        parts.append(tuple(names))
    return Published(groups, tuple(parts)), everybody


def worked_out(table: Published, everybody: frozenset[PupilId], gone: Collection[str]) -> list[str]:
    """The hidden groups that a reader gets by adding and taking away what is shown, by exact elimination."""
    ids = sorted(everybody)

    def line(members: frozenset[PupilId]) -> list[Fraction]:
        return [Fraction(pupil in members) for pupil in ids]

    shown = [everybody, *(members for name, members in table.groups.items() if name not in gone)]
    steps: list[tuple[int, list[Fraction]]] = []

    def rest(row: list[Fraction]) -> list[Fraction]:
        for at, step in steps:
            row = [cell - row[at] * of for cell, of in zip(row, step, strict=True)]
        return row

    for members in shown:
        left = rest(line(members))
        at = next((n for n, cell in enumerate(left) if cell), None)
        if at is not None:
            steps.append((at, [cell / left[at] for cell in left]))
    return [name for name in gone if table.groups[name] and not any(rest(line(table.groups[name])))]


def test_a_reader_adds_and_takes_away():
    table, everybody = a_table(3, 30, 20)
    assert worked_out(table, everybody, {"G0"}) == ["G0"]
    assert worked_out(table, everybody, {"G0", "G2"}) == []


@given(schools())
def test_no_shown_figure_is_about_a_few_pupils_and_none_hidden_follows_from_those_shown(school):
    table, everybody = school
    gone = hidden(table, everybody, FEW)
    shown = {name: members for name, members in table.groups.items() if name not in gone and members}
    assert all(len(members) >= FEW for members in shown.values())
    assert [name for name in worked_out(table, everybody, gone) if table.groups[name] != everybody] == []
    for one, other in combinations([*shown.values(), everybody], 2):
        for larger, smaller in ((one, other), (other, one)):
            assert not (smaller < larger and 0 < len(larger - smaller) < FEW)
    for part in table.parts:
        left = everybody - frozenset().union(*(shown.get(name, frozenset()) for name in part))
        assert len(left) == 0 or len(left) >= FEW or not any(name in shown for name in part)


@given(schools(), st.data())
def test_a_count_within_groups_is_never_told_where_it_is_about_a_few(school, data):
    table, everybody = school
    some = frozenset(data.draw(st.sets(st.sampled_from(sorted(everybody)), min_size=FEW)))
    inside = Published({name: members & some for name, members in table.groups.items()}, table.parts)
    gone = hidden(inside, some, FEW, hidden(table, everybody, FEW))
    told = [len(members) for name, members in inside.groups.items() if name not in gone]
    assert all(count == 0 or count >= FEW for count in told)
    # A group that holds all of them is told by their number in the whole school, which is no few.
    assert [name for name in worked_out(inside, some, gone) if inside.groups[name] != some] == []
