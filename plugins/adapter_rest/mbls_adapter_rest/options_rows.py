"""What the settings say about one list of rows: where it is, how it is paged, and what its fields hold."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from mbls_adapter_rest.options_wire import Filled, Part
from mbls_adapter_rest.selecting import is_found

PLAIN = ("strip", "upper")
A_MOMENT = datetime(2026, 11, 17, 9, 16)  # noqa: DTZ001 - a form is tried on it


class MapBool(Part):
    """Which texts say yes and which say no."""

    true: Annotated[tuple[str, ...], Field(min_length=1)]
    false: tuple[str, ...] = ()


class Concat(Part):
    """Several fields in one text."""

    paths: Annotated[tuple[Filled, ...], Field(min_length=2)]
    between: str = " "


def _spelt_out(given: Any) -> Any:
    """`"strip"` is short for `{strip = true}`."""
    if isinstance(given, str) and given not in PLAIN:
        raise ValueError(f"{given!r} is no step; {' and '.join(PLAIN)} stand as a text, every other as {{name = …}}")
    return {given: True} if isinstance(given, str) else given


def _reads_back(form: str) -> str:
    """A form in which a moment can be written and read: `dd/mm/yyyy` would send these very letters."""
    try:
        ok = "%" in form and datetime.strptime(A_MOMENT.strftime(form), form) is not None  # noqa: DTZ007 - only tried
    except ValueError:
        ok = False
    if not ok:
        raise ValueError(f"{form!r} is no form of a date; 17/11/2026 is %d/%m/%Y, and 2026-11-17 is %Y-%m-%d")
    return form


Form = Annotated[str, AfterValidator(_reads_back)]
"""How a date is written, in the letters of strftime."""


def _is_a_zone(name: str) -> str:
    try:
        ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; UTC and Europe/London are") from None
    return name


Zone = Annotated[str, AfterValidator(_is_a_zone)]
"""The zone of times that name no offset; empty: the school's own."""


class Dated(Part):
    """How a date or moment is written, and in which zone."""

    form: Form
    zone: Zone = ""


def _as_dated(given: Any) -> Any:
    """A bare text is a form, in the school's own zone."""
    return {"form": given} if isinstance(given, str) else given


class Transform(Part):
    """One step from what the MIS writes to what is meant. The list is closed; what it cannot say is an adapter's work.

    `map` leaves what it does not name as it is. `regex` gives its first group, or all it matched. `date` is a format
    such as `%d/%m/%Y`, or `{form, zone}` where a time is not the school's own. `lookup` names one of [options.tables].
    """

    strip: Literal[True] | None = None
    upper: Literal[True] | None = None
    map: dict[str, str] | None = None
    regex: str | None = None
    date: Annotated[Dated, BeforeValidator(_as_dated)] | None = None
    bool: MapBool | None = None
    concat: Concat | None = None
    lookup: str | None = None

    @field_validator("regex")
    @classmethod
    def _is_a_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"regex is no pattern: {error}") from None
        return pattern

    @model_validator(mode="after")
    def _is_one_step(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"a step is one of {', '.join(type(self).model_fields)}; write one a step")
        return self


Step = Annotated[Transform, BeforeValidator(_spelt_out)]


class FieldPart(Part):
    """Where a value stands in a row: a dotted path; `^.x` in the row around it, `@parent` its parent's key.

    `required` sends a row to quarantine that has none, though the program could do without.
    """

    path: str = ""
    steps: tuple[Step, ...] = ()
    default: str | None = None
    required: bool = False

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Self:
        joined = [step for step in self.steps if step.concat is not None]
        if joined and (self.path or self.steps[0] is not joined[0] or len(joined) > 1):
            raise ValueError("concat names its own paths: it stands first, alone of its kind, and takes no path")
        if not joined and not self.path and self.default is None:
            raise ValueError("a field needs a path, a concat or a default")
        if self.required and self.default is not None:
            raise ValueError("a field with a default is never blank, so that `required` would be ignored")
        return self


def _as_field(given: Any) -> Any:
    """A bare text is a path."""
    return {"path": given} if isinstance(given, str) else given


Located = Annotated[FieldPart, BeforeValidator(_as_field)]


class Filter(Part):
    """Which rows are taken: those whose value at `path` is among `any_of`, is not among `none_of`, or is there."""

    path: Filled
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    present: bool | None = None


class NoPages(Part):
    """`{type = "none"}`: one answer holds all."""

    type: Literal["none"]


class NumberPages(Part):
    """`{type = "page"}` or `{type = "offset"}`: counted pages or rows.

    Without `param` the number goes only where `{page}` or `{offset}` stands in the path, parameters or body. It ends at
    an empty page; with `stop = "short"` at one of fewer rows than `size`; with `more` or `pages` where the body says.
    """

    type: Literal["page", "offset"]
    param: str = ""
    first: Annotated[int, Field(ge=0)] | None = None
    size: Annotated[int, Field(gt=0)] | None = None
    size_param: str = ""
    stop: Literal["empty", "short"] = "empty"
    more: str = ""
    pages: str = ""

    @model_validator(mode="after")
    def _size_is_known(self) -> Self:
        if self.size is None and (self.size_param or self.stop == "short"):
            raise ValueError("say the size of a page too")
        if self.type == "offset" and self.pages:
            raise ValueError("pages counts pages, and an offset counts rows; use more, or stop at an empty page")
        return self


class CursorPages(Part):
    """`{type = "cursor"}`: the next page's token stands in the body at `path`, or in the answer's `header`."""

    type: Literal["cursor"]
    path: str = ""
    header: str = ""
    param: str = ""
    size: Annotated[int, Field(gt=0)] | None = None
    size_param: str = ""

    @model_validator(mode="after")
    def _token_is_known(self) -> Self:
        if bool(self.path) == bool(self.header):
            raise ValueError("say where the next page's token stands: its path in the body, or the name of its header")
        return self


class LinkPages(Part):
    """`{type = "next_url"}`: the body holds the next page's address at `path`. `{type = "link_header"}`: a header."""

    type: Literal["next_url", "link_header"]
    path: str = ""
    size: Annotated[int, Field(gt=0)] | None = None
    size_param: str = ""

    @model_validator(mode="after")
    def _path_is_known(self) -> Self:
        if (self.type == "next_url") != bool(self.path):
            raise ValueError("next_url needs the path of the address in the body; link_header has none")
        return self


Pager = Annotated[NoPages | NumberPages | CursorPages | LinkPages, Field(discriminator="type")]


class Incremental(Part):
    """Only what is new: from `since` less `look_back_days` to today and `ahead_days`, in spans of `max_span_days`.

    `since` is the newest moment that `field` held, or the last day asked for where there is no such field; one for each
    parent. `{start}` and `{end}` stand in parameters, or are sent as `start_param` and `end_param`.
    """

    start_param: str = ""
    end_param: str = ""
    format: Form = "%Y-%m-%d"
    zone: Zone = ""
    field: str = ""
    first: date | None = None
    look_back_days: Annotated[float, Field(ge=0, le=400)] = 14
    ahead_days: Annotated[int, Field(ge=0, le=400)] = 0
    max_span_days: Annotated[int, Field(ge=1, le=1000)] | None = None


class Parent(Part):
    """Asked once for each key: those of a table or of the pupils (`of`), or those listed. `{parent}` is the key."""

    of: str = ""
    values: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if bool(self.of) == bool(self.values):
            raise ValueError("name where the keys come from (of), or list them (values)")
        return self


class Listing(Part):
    """A list of rows. `select` is a JMESPath to the rows; `each` goes into a list within each row.
    `follow` is the path of an address in each row at which the row itself stands, at `follow_select` in that answer.

    `pager` is that of the options where none stands here. `total` is the path of a declared number of rows, which is
    compared with those that came.
    """

    path: Filled
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: dict[str, Any] | None = None
    format: Literal["json", "csv", "xml"] = "json"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    select: Annotated[str, AfterValidator(is_found)] = ""
    each: str = ""
    follow: str = ""
    follow_select: str = ""
    pager: Pager | None = None
    max_pages: Annotated[int, Field(gt=0)] = 5000
    total: str = ""
    where: tuple[Filter, ...] = ()
    incremental: Incremental | None = None
    parent: Parent | None = None

    @model_validator(mode="after")
    def _delimiter_is_used(self) -> Self:
        if self.delimiter != "," and self.format != "csv":
            raise ValueError('delimiter divides the cells of a CSV, so it stands beside format = "csv"')
        return self
