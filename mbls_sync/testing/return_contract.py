"""What every writer of an LA return promises; an author inherits it and names the module.

class TestRegisterCheck(ReturnContract):
    module = register_check
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from types import ModuleType
from typing import ClassVar

from mbls_sync.declare import ReturnInfo
from mbls_sync.model.la_profile import ReturnForm
from mbls_sync.model.papers import ReturnDue, ReturnEntry, ReturnTable
from mbls_sync.registry.check import implementations
from mbls_sync.registry.manager import BoundReturn
from mbls_sync.render.csv_machine import csv_for_machine
from mbls_sync.testing.builders import a_school
from mbls_sync.testing.contract import Contract
from mbls_sync.testing.paper_builders import a_due, a_paper_policy, some_entries
from mbls_sync.testing.purity import faults


class ReturnContract(Contract):
    """Tests that hold for every return. `statutory_only`: it lists pupils of compulsory school age only.

    `due` and `entries` may be replaced by an author whose return needs others.
    """

    module: ClassVar[ModuleType]
    statutory_only: ClassVar[bool] = False

    def due(self) -> ReturnDue:
        """The return that falls due."""
        return a_due(self.writer().info.id)

    def entries(self) -> Sequence[ReturnEntry]:
        """The pupils that stand in it."""
        return some_entries()

    def writer(self) -> BoundReturn:
        """The one writer that the module holds, checked as at load."""
        found = [it for it in implementations("under test", self.module) if isinstance(it.info, ReturnInfo)]
        assert len(found) == 1, f"{self.module.__name__} holds {len(found)} returns; keep one a file"
        assert isinstance(found[0].info, ReturnInfo)
        return BoundReturn(found[0].info, found[0].function, found[0].arguments, "under test")

    def table(self, entries: Sequence[ReturnEntry]) -> ReturnTable:
        """The return over these entries, as `form` takes it."""
        given = {"due": self.due(), "entries": entries, "school": a_school(), "policy": a_paper_policy()}
        return self.writer()(**given, form=self.form())

    def form(self) -> ReturnForm:
        """How the LA takes it: a plain form, so that the writer's own columns are looked at."""
        return ReturnForm(self.writer().info.id)

    def listed(self) -> Sequence[ReturnEntry]:
        """The entries that must stand in it."""
        due = self.due()
        return [e for e in self.entries() if not self.statutory_only or e.pupil.is_compulsory_school_age(due.last)]

    def test_it_keeps_the_rules_of_the_registry(self) -> None:
        """The hook, its arguments, its annotations and its citation are as at load."""
        assert self.writer().info.id

    def test_the_same_entries_give_the_same_table(self) -> None:
        """Written twice, it is the same; it reaches for nothing but its arguments."""
        assert self.table(self.entries()) == self.table(self.entries())
        assert not faults(self.module), "\n".join(faults(self.module))

    def test_every_row_says_whom_it_is_about_or_none_does(self) -> None:
        """Where the writer names the pupils of the rows, it names one for each row, in their order."""
        table = self.table(self.entries())
        assert len(table.pupils) in (0, len(table.rows))
        by_id = {entry.pupil.id: entry.pupil.surname for entry in self.entries()}
        for pupil, row in zip(table.pupils, table.rows, strict=False):
            assert any(by_id[pupil] in str(cell) for cell in row), "a row is about another pupil than it says"

    def test_the_order_of_entries_does_not_matter(self) -> None:
        """The rows stand in the receiver's order, whatever order they came in."""
        assert self.table(list(reversed(self.entries()))) == self.table(self.entries())

    def test_no_entry_is_dropped_and_none_is_made_up(self) -> None:
        """There is one row for each pupil that must stand in it, and the row names them."""
        rows = ["\n".join(str(cell) for cell in row) for row in self.table(self.entries()).rows]
        assert len(rows) == len(self.listed()), "the rows are not as many as the pupils that must stand in it"
        for entry in self.listed():
            assert sum(entry.pupil.surname in row for row in rows) == 1, "a pupil stands in no row, or in two"

    def test_every_row_fits_its_columns(self) -> None:
        """Column heads are there, each once, and every row has a cell for each."""
        table = self.table(self.entries())
        assert table.columns, "the table has no columns"
        assert len(set(table.columns)) == len(table.columns), "two columns have one head"
        assert all(column.strip() for column in table.columns), "a column has no head"
        assert {len(row) for row in table.rows} <= {len(table.columns)}, "a row has more or fewer cells than columns"

    def test_it_opens_in_its_format(self) -> None:
        """As CSV it is read back row for row."""
        table = self.table(self.entries())
        data = csv_for_machine(table.columns, table.rows).decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(data, newline="")))) == len(table.rows) + 1

    def test_a_return_about_nobody_is_a_table_without_rows(self) -> None:
        """That nobody is to be reported is an answer, too."""
        table = self.table([])
        assert table.rows == ()
        assert table.columns == self.table(self.entries()).columns

    def test_its_docstring_names_the_section_it_cites(self) -> None:
        """The first thing a reader sees says which section made the return."""
        text = " ".join((self.module.__doc__ or "").split())
        assert self.writer().info.cites.casefold() in text.casefold()
