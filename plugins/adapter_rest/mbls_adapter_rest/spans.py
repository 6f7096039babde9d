"""Which parents and which spans of time a walk asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mbls_adapter_rest.options_rows import Incremental
from mbls_adapter_rest.values import BadValue, read_moment

LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Stretch:
    """One parent and one span; both may be none. `reached` is where `since` stands once it is read."""

    parent: str = ""
    start: datetime | None = None
    end: datetime | None = None
    spans: Incremental | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What `{parent}`, `{start}` and `{end}` stand for."""
        found: dict[str, Any] = {"parent": self.parent} if self.parent else {}
        if self.start is not None and self.end is not None and self.spans is not None:
            found |= {"start": written(self.start, self.spans), "end": written(self.end, self.spans)}
        return found


def written(moment: datetime, spans: Incremental) -> str:
    """A moment as the MIS wants it, in its own zone."""
    return (moment.astimezone(ZoneInfo(spans.zone)) if spans.zone else moment).strftime(spans.format)


def days_whole(first: date, last: date, spans: Incremental, zone: ZoneInfo) -> dict[str, str]:
    """What `{start}` and `{end}` stand for, for days from their first second to their last."""
    start = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(last, LAST_SECOND, tzinfo=zone)
    return {"start": written(start, spans), "end": written(end, spans)}


def stretches(
    parents: Sequence[str],
    spans: Incremental | None,
    since: Mapping[str, str],
    first: date,
    today: date,
    zone: ZoneInfo,
) -> Iterator[Stretch]:
    """Every parent in order, and for each its spans, oldest first. Without spans, each parent once."""
    for parent in parents:
        if spans is None:
            yield Stretch(parent)
        else:
            yield from _spans(parent, spans, since.get(parent, ""), first, today, zone)


def _spans(parent: str, spans: Incremental, since: str, first: date, today: date, zone: ZoneInfo) -> Iterator[Stretch]:
    beginning = datetime.combine(spans.first or first, time(), tzinfo=zone)
    start = max(_back(since, spans, zone), beginning) if since else beginning
    end = datetime.combine(today + timedelta(days=spans.ahead_days), LAST_SECOND, tzinfo=zone)
    by_day = "%H" not in spans.format and "%s" not in spans.format
    step = timedelta(days=spans.max_span_days) if spans.max_span_days else None
    while start <= end:
        # A span of so many days counts its first and its last.
        until = end if step is None else min(end, start + step - timedelta(seconds=1))
        yield Stretch(parent, start, until, spans)
        start = until + timedelta(seconds=1)
        if by_day:
            start = datetime.combine(start.date(), time(), tzinfo=zone)


def _back(since: str, spans: Incremental, zone: ZoneInfo) -> datetime:
    try:
        return read_moment(since, zone) - timedelta(days=spans.look_back_days)
    except BadValue:
        return datetime.min.replace(tzinfo=zone)
