"""All that the settings may say about an MIS over REST, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mbls_adapter_rest.options_rows import FieldPart, Listing, Located, Pager
from mbls_adapter_rest.options_wire import Auth, Filled, HttpPart, Part, Rule, Secret
from mbls_adapter_rest.options_write import ReadBack, WritePart
from mbls_adapter_rest.shapes import CLASS_ID, SHAPES, WHOM
from mbls_adapter_rest.templates import unknown_names
from mbls_sync.api import Resource

ASKING = frozenset({"page", "offset", "cursor", "size", "start", "end", "parent"})
ROW = frozenset({"pupil", "class", "day", "session", "code", "minutes", "reason", "comment", "expected"})
BACK = frozenset({"pupil", "class", "day", "start", "end"})
CALL = ROW | {"key"}
CODES, PUPILS = "codes", "pupils"


class Table(Listing):
    """[options.tables.NAME]: a list that other fields look things up in. `codes` is the list of attendance codes.

    `key` is what the MIS calls a row, `value` what it means. `writable` is the path of whether a code may be written.
    """

    key: Located
    value: Located
    writable: Located | None = None


class MarkString(Part):
    """A row holds a character for each session from a first day on: `{start, marks, order}`."""

    start: Located
    marks: Located
    order: Literal["AM PM every weekday", "AM PM every day"] = "AM PM every weekday"


class WeekColumns(Part):
    """A row holds a column for each session of a week: its Monday, and the path of each, such as `Mon AM`."""

    monday: Located
    columns: Annotated[dict[str, str], Field(min_length=1)]


class ResourcePart(Listing):
    """[options.resources.NAME]. `fields` have our names; one that we do not know is refused with those there are.

    The pupil is `upn`, `admission_number` or `mis_id`, the first of them that a row holds; a `mis_id` is looked up in
    the resource `pupils`. `class_id` of a pupil is what the MIS calls the class, where a write must say it. For marks,
    `no_mark` are the texts that say there is none, `pm_from` the time from which a session that is given by its start
    is the afternoon's. `only_ids` reads pupils for their ids and stores none.
    """

    fields: Annotated[dict[str, Located], Field(min_length=1)]
    no_mark: tuple[str, ...] = ("-",)
    pm_from: str = ""
    split_mark_string: MarkString | None = None
    weekday_columns: WeekColumns | None = None
    only_ids: bool = False


class Options(Part):
    """[sources.NAME.options] of an MIS over REST."""

    base_url: Filled
    headers: dict[str, Secret] = {}
    params: dict[str, Secret] = {}
    auth: Auth | None = None
    http: HttpPart = HttpPart()
    status_path: str = ""
    rules: tuple[Rule, ...] = ()
    pager: Pager | None = None
    rows_at_once: Annotated[int, Field(ge=1, le=100_000)] = 20_000
    tables: dict[str, Table] = {}
    resources: Annotated[dict[Resource, ResourcePart], Field(min_length=1)]
    write: WritePart | None = None
    read_back: ReadBack | None = None

    @model_validator(mode="after")
    def _lists_are_whole(self) -> Self:
        listings: dict[str, Listing] = {f"tables.{name}": table for name, table in self.tables.items()}
        listings |= {f"resources.{name}": part for name, part in self.resources.items()}
        for place, listing in listings.items():
            self._check_listing(place, listing)
        for resource, part in self.resources.items():
            self._check_resource(resource, part)
            self._check_lookups(f"resources.{resource}.fields", part.fields)
        for name, table in self.tables.items():
            self._check_lookups(f"tables.{name}", {"key": table.key, "value": table.value})
        return self

    @model_validator(mode="after")
    def _reading_back_is_whole(self) -> Self:
        back, marks = self.read_back, self.resources.get(Resource.MARKS)
        if back is None or marks is None:
            return self
        self._refuse_names("read_back", [back.path, back.params], BACK)
        if "{parent}" in f"{back.path or marks.path}{back.params or marks.params}{marks.body}":
            raise ValueError(
                "read_back asks for {parent} as resources.marks does, and a mark has none: write its own path and "
                "params, of {pupil}, {class}, {day}, {start} and {end}"
            )
        return self

    @model_validator(mode="after")
    def _writing_is_whole(self) -> Self:
        if self.write is None:
            return self
        whole = [self.write.path, self.write.params, self.write.headers, self.write.body]
        self._refuse_names("write", whole, CALL)
        self._refuse_names("write.row", [self.write.row], ROW)
        self._check_classes([*whole, self.write.row])
        if self.read_back is None or Resource.MARKS not in self.resources:
            raise ValueError("write needs read_back and resources.marks: a mark is read before and after it is written")
        if self.write.code == "key" and CODES not in self.tables:
            raise ValueError('write.code is "key", so tables.codes must say the key of each code')
        if self.write.batch_size > 1 and not self.write.wrap:
            raise ValueError("write.batch_size is above 1, so write.wrap must say where the list of rows stands")
        return self

    def _check_classes(self, templates: list[Any]) -> None:
        pupils = self.resources.get(Resource.PUPILS)
        by_class = self.write is not None and self.write.group_by == "class"
        asked = by_class or "{class}" in f"{templates}{self.read_back}"
        if asked and (pupils is None or not {CLASS_ID, "class_name"} & set(pupils.fields)):
            raise ValueError(
                f"write speaks of classes, so resources.pupils must say each pupil's: {CLASS_ID} where the MIS calls a "
                "class by an id, else class_name"
            )

    def _check_listing(self, place: str, listing: Listing) -> None:
        self._refuse_names(place, [listing.path, listing.params, listing.body], ASKING)
        if listing.pager is None and self.pager is None:
            raise ValueError(
                f'{place} has no pager, and the options have none for all; write pager = {{type = "none"}} if one '
                "answer holds all of it"
            )
        parent = listing.parent
        known = {*self.tables, *([PUPILS] if PUPILS in self.resources else [])}
        if parent is not None and parent.of and (parent.of not in known or f"tables.{parent.of}" == place):
            raise ValueError(
                f"{place}.parent.of is {parent.of!r}, which is none of {', '.join(sorted(known)) or 'any'}"
            )
        if parent is not None and "{parent}" not in f"{listing.path}{listing.params}{listing.body}":
            raise ValueError(f"{place} has a parent and asks for {{parent}} nowhere, so every answer would be the same")
        spans = listing.incremental
        said = f"{listing.params}{listing.path}{listing.body}"
        if spans is not None and not spans.start_param and "{start}" not in said:
            raise ValueError(f"{place}.incremental is said and sent nowhere: name start_param, or write {{start}}")

    def _check_resource(self, resource: Resource, part: ResourcePart) -> None:
        place, shape = f"resources.{resource}", SHAPES[resource]
        laid_out = part.split_mark_string is not None or part.weekday_columns is not None
        if laid_out and resource is not Resource.MARKS:
            raise ValueError(f"{place}: split_mark_string and weekday_columns are for marks")
        allowed = {*shape.fields, *WHOM, *([CLASS_ID] if resource is Resource.PUPILS else [])}
        if unknown := sorted(set(part.fields) - allowed):
            raise ValueError(
                f"{place}.fields: no field is called {', '.join(unknown)}; there are {', '.join(sorted(allowed))}"
            )
        needs = set() if laid_out else shape.needs - set(part.fields)
        if needs:
            raise ValueError(f"{place}.fields must also say {', '.join(sorted(needs))}")
        if not shape.of_the_school and not set(part.fields) & WHOM:
            raise ValueError(f"{place}.fields must say the pupil: upn, admission_number or mis_id")
        if "mis_id" in part.fields and resource is not Resource.PUPILS and Resource.PUPILS not in self.resources:
            raise ValueError(f"{place} knows pupils by mis_id, so resources.pupils must say whose each is")
        if part.incremental is not None and (shape.gathers or resource is Resource.PUPILS):
            raise ValueError(
                f"{place} is always read whole, since what it says replaces what was known; leave out incremental"
            )
        if part.only_ids and resource is not Resource.PUPILS:
            raise ValueError(f"{place}: only_ids is for pupils")

    def _check_lookups(self, place: str, fields: Mapping[str, FieldPart]) -> None:
        for name, field in fields.items():
            wanted = {step.lookup for step in field.steps if step.lookup is not None}
            if unknown := sorted(wanted - set(self.tables)):
                there = ", ".join(sorted(self.tables)) or "none"
                raise ValueError(f"{place}.{name} looks things up in {unknown[0]!r}; the tables are: {there}")

    def _refuse_names(self, place: str, texts: list[Any], known: frozenset[str]) -> None:
        if unknown := sorted(unknown_names(texts, known)):
            raise ValueError(
                f"{place} has {{{unknown[0]}}} in it, which stands for nothing there; there are "
                f"{', '.join(sorted(known))}"
            )
