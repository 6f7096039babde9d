"""A sheet beside a web form: each field in the form's order with a value to copy, one pupil after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbls_sync.model.la_profile import NOT_HELD, Column, ReturnForm
from mbls_sync.model.papers import Cell, ReturnTable
from mbls_sync.render.cells import british
from mbls_sync.render.html import page


@dataclass(frozen=True, slots=True)
class Filled:
    """One field of the form and what to put there; `missing` where the LA asks for it and the school holds nothing.

    `for_a_person`: no record of the school can answer it.
    """

    head: str
    value: str
    missing: bool
    for_a_person: bool


def fill_sheet(table: ReturnTable, form: ReturnForm, school: str, made: str) -> bytes:
    """One self-contained page, without a script: a click on a value selects it whole. `made` says as of when."""
    columns = form.columns or tuple(Column(head, "") for head in table.columns)
    pupils = [_filled(columns, row) for row in table.rows]
    return page("fill_sheet.html.j2", table=table, form=form, school=school, made=made, pupils=pupils)


def _filled(columns: Sequence[Column], row: Sequence[Cell]) -> tuple[Filled, ...]:
    values = [british(cell) for cell in row]
    return tuple(
        Filled(column.head, value, column.required and not value, column.field == NOT_HELD)
        for column, value in zip(columns, values, strict=True)
    )
