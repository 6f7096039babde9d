"""Reads an MIS over REST: each resource list by list, in parts that are stored whole, and known again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from mbls_adapter_rest.answers import Judging
from mbls_adapter_rest.asking import Asker
from mbls_adapter_rest.cursors import Cursor
from mbls_adapter_rest.options import Options
from mbls_adapter_rest.options_rows import Listing
from mbls_adapter_rest.parts import PartBuilder, part_builder
from mbls_adapter_rest.probing import probed
from mbls_adapter_rest.secrets import opened, secret
from mbls_adapter_rest.shapes import ORDER
from mbls_adapter_rest.spans import written
from mbls_adapter_rest.tables import PupilIds, Tables
from mbls_adapter_rest.walk import Walk
from mbls_sync.api import AuthRejected, BadPayload, Given, HealthReport, Page, Probe, Rejected, Resource


class RestReader:
    """One school in one MIS."""

    def __init__(self, options: Options, given: Given) -> None:
        self.options, self.given = options, given
        self.http = opened(options, given)
        self.params = {name: secret(value, given.folder) for name, value in options.params.items()}
        self.judging = Judging.of(options, given.clock)
        self.tables = Tables(options.tables, self.asker, self._lately)
        self.ids = PupilIds(self._read_ids)
        self._walk: Walk | None = None
        self._builders: dict[Resource, PartBuilder] = {}
        self._askers = {resource: self.asker(str(resource), part) for resource, part in options.resources.items()}

    def asker(self, name: str, listing: Listing) -> Asker:
        """What asks for a list, with the parameters of every request."""
        listing = listing.model_copy(update={"params": {**self.params, **listing.params}})
        return Asker(name, listing, self.options, self.http, self.judging)

    def builder(self, resource: Resource) -> PartBuilder:
        """What makes a page of rows."""
        if resource not in self._builders:
            part = self.options.resources[resource]
            self._builders[resource] = part_builder(resource, part, self.tables, self.ids, self.given.calendar.zone)
        return self._builders[resource]

    def check(self) -> Iterable[HealthReport]:
        """Whether the MIS answers for each list, and its calendar is the school's; asks for one page of each."""
        return (probe.report for probe in self.probe())

    def probe(self) -> Iterator[Probe]:
        """Each step of a connection, with what was seen; nothing is written."""
        return probed(self)

    def pull(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        """Every part not yet stored. A list that is refused or cannot be read keeps no other from being read."""
        self._builders.clear()
        self.tables.forget()
        failed: list[Rejected | BadPayload] = []
        for resource in ORDER:
            if resource not in self.options.resources:
                continue
            try:
                yield from self._pull(resource, Cursor.parse(cursors.get(resource, "")))
            except AuthRejected:
                raise
            except (Rejected, BadPayload) as error:
                failed.append(error)
        if failed:
            raise type(failed[0])("; ".join(map(str, failed)))

    def committed(self, page: Page) -> None:
        """A part is stored; with a row in quarantine the walk keeps its `since`, so that the row comes again."""
        if page.bad and self._walk is not None and self._walk.resource is page.resource:
            self._walk.stick()

    def parents(self, listing: Listing) -> Sequence[str]:
        """The keys that a list is asked for by; one empty key for a list without a parent."""
        if listing.parent is None:
            return ("",)
        if listing.parent.values:
            return listing.parent.values
        return self.ids.all if listing.parent.of == Resource.PUPILS else tuple(sorted(self.tables[listing.parent.of]))

    def _pull(self, resource: Resource, cursor: Cursor) -> Iterator[Page]:
        part = self.options.resources[resource]
        walk = Walk(
            resource=resource,
            asker=self._askers[resource],
            builder=self.builder(resource),
            parents=self.parents(part),
            calendar=self.given.calendar,
            now=self.given.clock(),
            at_once=self.options.rows_at_once,
            print=_fingerprint(part),
            cursor=cursor,
        )
        self._walk = walk
        for page in walk.pages():
            if not part.only_ids:
                yield page

    def _lately(self, listing: Listing) -> Mapping[str, Any]:
        """The one span of a table that is asked for by time: so far back as it says, up to today."""
        spans, now = listing.incremental, self.given.clock().astimezone(self.given.calendar.zone)
        if spans is None:
            return {}
        start, end = now - timedelta(days=spans.look_back_days), now + timedelta(days=spans.ahead_days)
        return {"start": written(start, spans), "end": written(end, spans)}

    def _read_ids(self) -> None:
        """Read the pupils for their ids alone."""
        part = self.options.resources[Resource.PUPILS]
        builder = self.builder(Resource.PUPILS)
        for parent in self.parents(part):
            for fetched in self._askers[Resource.PUPILS].pages({"parent": parent} if parent else {}):
                builder.build(fetched.rows, 1, "pupils")


def _fingerprint(part: Any) -> str:
    """The mapping as it is: once it is mended, nothing counts as known."""
    return json.dumps(part.model_dump(mode="json"), sort_keys=True)
