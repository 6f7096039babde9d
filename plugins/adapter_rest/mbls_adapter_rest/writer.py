"""Reads marks back and writes them: each sent once, each with a result of its own."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any

from mbls_adapter_rest.acks import outcome_of, results_of
from mbls_adapter_rest.answers import Read
from mbls_adapter_rest.bodies import decoded
from mbls_adapter_rest.encoding import TYPES, encoded, known
from mbls_adapter_rest.options import CODES
from mbls_adapter_rest.options_rows import Incremental
from mbls_adapter_rest.options_write import Later, WritePart
from mbls_adapter_rest.reader import RestReader
from mbls_adapter_rest.spans import days_whole
from mbls_adapter_rest.templates import filled, text_filled
from mbls_sync.api import (
    Accepted,
    BadPayload,
    Code,
    Mark,
    MarkKey,
    MarkWrite,
    NotSent,
    PushResult,
    Refused,
    Rejected,
    Resource,
    Session,
    Unreachable,
    path_segment,
)

REGISTER = ("class", "day", "session")


class ReadsBackMarks(RestReader):
    """Can say what the MIS holds for given marks."""

    def read(self, keys: Sequence[MarkKey]) -> Mapping[MarkKey, Mark]:
        """The marks the MIS holds; each question, such as a day's marks, is asked once. Raises MisError."""
        wanted, found = set(keys), dict[MarkKey, Mark]()
        builder = self.builder(Resource.MARKS)
        for listing in self._questions(keys):
            for page in self.asker("marks, read back", listing).pages():
                for row in builder.build(page.rows, 1, "marks").marks:
                    key = MarkKey(row.pupil, Session(row.day, row.period))
                    if key not in wanted or not row.code:
                        continue
                    if key in found and found[key].code != row.code:
                        raise BadPayload(
                            "the MIS holds two different marks of one pupil for one session; which counts?"
                        )
                    found[key] = Mark(row.pupil, key.session, row.code, row.detail)
        return found

    def _questions(self, keys: Sequence[MarkKey]) -> Iterator[Any]:
        """The marks' list, once for each distinct path and parameters that the keys lead to."""
        part, back = self.options.resources[Resource.MARKS], self.options.read_back
        assert back is not None  # noqa: S101 - the options were checked for it
        params, seen = back.params or {**part.params, **_of_a_day(part.incremental)}, set[str]()
        for key in keys:
            values = self._named(key)
            if values is None or values["class"] is None:
                continue
            quoted = {name: path_segment(value) for name, value in values.items()}
            changed: dict[str, Any] = {
                "path": text_filled(back.path or part.path, quoted),
                "params": {name: text_filled(text, values) for name, text in params.items()},
                "body": filled(part.body, values),
            }
            if (said := json.dumps(changed, sort_keys=True)) not in seen:
                seen.add(said)
                yield part.model_copy(update={**changed, "incremental": None, "parent": None})

    @cached_property
    def _asks_by_class(self) -> bool:
        back, write = self.options.read_back, self.options.write
        said = [back.path, back.params] if back else []
        said += [write.path, write.params, write.headers, write.body, write.row, write.group_by] if write else []
        return (write is not None and write.group_by == "class") or "{class}" in str(said)

    def _named(self, key: MarkKey) -> dict[str, Any] | None:
        """What a key is called in templates; None for a pupil whom the MIS does not list."""
        write, part = self.options.write, self.options.resources[Resource.MARKS]
        spans = part.incremental or Incremental()
        by_id = write.pupil == "id" if write else "mis_id" not in part.fields
        pupil = str(key.pupil) if by_id else self.ids.theirs(key.pupil)
        if pupil is None:
            return None
        day = key.session.day
        return {
            "pupil": pupil,
            "day": day.strftime(write.day_format if write else "%Y-%m-%d"),
            "class": self.ids.class_of(key.pupil) if self._asks_by_class else "",
            **days_whole(day, day, spans, self.given.calendar.zone),
        }


class WritesMarks(ReadsBackMarks):
    """Can write marks."""

    @property
    def part(self) -> WritePart:
        """What the settings say about writing."""
        assert self.options.write is not None  # noqa: S101 - the options were checked for it
        return self.options.write

    @property
    def most_at_once(self) -> int:
        """How many marks one call may hold."""
        return self.part.batch_size

    @property
    def recomputes(self) -> bool:
        """Whether the MIS may derive a written mark away."""
        return self.part.recomputes

    def push(self, writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        """Write each once; one result for each, in order. Raises Unreachable where nothing was sent."""
        results: dict[int, PushResult] = {}
        sent = False
        away: Unreachable | None = None
        ready: list[tuple[int, dict[str, Any]]] = []
        for place, write in enumerate(writes):
            said = self._values(write)
            if isinstance(said, Refused):
                results[place] = said
            else:
                ready.append((place, said))
        for batch in self._batches(ready):
            found: Sequence[PushResult] = []
            try:
                found = [] if away else self._send([values for _, values in batch])
                sent = True
            except Unreachable as error:
                if not sent:
                    raise
                # An MIS that asks to be left alone is: the calls that were to follow wait with this one.
                away = error
            if away is not None:
                found = [NotSent(away)] * len(batch)
            results |= {place: result for (place, _), result in zip(batch, found, strict=True)}
        return [results[place] for place in range(len(writes))]

    def code_map(self) -> Mapping[Code, str]:
        """Every code that the MIS lists, and why one may not be written. Raises Rejected where none may be."""
        self.ask_permission()
        if CODES not in self.options.tables:
            return {}
        locked, found = self.tables.may_not_be_written(CODES), dict[Code, str]()
        for key, letter in self.tables[CODES].items():
            why = "the MIS lists it as one that may not be written" if key in locked else ""
            found[letter] = why if letter not in found else min(found[letter], why)
        return found

    def ask_permission(self) -> None:
        """Ask where the MIS says whether marks may be written, if it says so anywhere. Raises MisError."""
        if self.part.permission:
            # A success of whatever form is a yes; a rule may find a no in it.
            with contextlib.suppress(BadPayload):
                self.look_at(self.part.permission)

    def look_at(self, path: str) -> Any:
        """What stands at a path beside the lists, once the rules have looked at it. Raises MisError."""
        read = Read()
        self.http.ask(
            path, headers={"Accept": TYPES[self.part.format]}, judge=self.judging.judge(read, self.part.format)
        )
        return read.document

    def _values(self, write: MarkWrite) -> dict[str, Any] | Refused:
        """What the templates' names stand for; Refused for what the MIS has no name for."""
        part, mark = self.part, write.mark
        named = self._named(MarkKey(mark.pupil, mark.session))
        if named is None:
            return Refused("the MIS lists no such pupil; see that the pupil is on its roll")
        if named["class"] is None:
            return Refused("the MIS names no class of this pupil, and marks are written by class; see its roll")
        code = self._key_of(mark.code) if part.code == "key" else mark.code
        if code is None:
            return Refused(f"the MIS lists no code {mark.code} that may be written; add it there, or map it")
        detail = mark.detail
        return named | {
            "session": part.session.get(mark.session.period.value, mark.session.period.value),
            "code": code,
            "minutes": detail.minutes_late if detail else None,
            "comment": detail.comment if detail else None,
            "reason": write.reason or None,
            "expected": write.expected,
            "key": write.key,
        }

    def _key_of(self, code: Code) -> str | None:
        locked = self.tables.may_not_be_written(CODES)
        return next((key for key, letter in self.tables[CODES].items() if letter == code and key not in locked), None)

    def _batches(self, ready: list[tuple[int, dict[str, Any]]]) -> Iterator[list[tuple[int, dict[str, Any]]]]:
        names = {"none": (), "day": ("day",), "session": ("day", "session")}.get(self.part.group_by, REGISTER)
        groups: dict[tuple[Any, ...], list[tuple[int, dict[str, Any]]]] = {}
        for one in ready:
            groups.setdefault(tuple(one[1][name] for name in names), []).append(one)
        size = self.part.batch_size
        for group in groups.values():
            yield from (group[at : at + size] for at in range(0, len(group), size))

    def _send(self, batch: Sequence[Mapping[str, Any]]) -> list[PushResult]:
        part, first = self.part, {**batch[0], "key": _key_of_call(batch)}
        rows = [known(filled(part.row, values)) for values in batch]
        around = known(filled(part.body, first))
        body = _wrapped(around, part.wrap, rows) if part.wrap else {**around, **rows[0]}
        headers = {"Content-Type": TYPES[part.format], "Accept": TYPES[part.format]}
        headers |= {name: text_filled(text, first) for name, text in part.headers.items()}
        path = text_filled(part.path, {name: path_segment(str(value)) for name, value in first.items()})
        params = {n: text_filled(text, first) for n, text in {**self.params, **part.params}.items()}
        result, content = self.http.send(part.method, path, encoded(body, part.format), query=params, headers=headers)
        document = _document(content, part.format)
        return results_of(part, self.judging.of_write(result, document), document, len(batch))


class WritesMarksLater(WritesMarks):
    """Can write marks whose outcome comes later."""

    def outcomes(self, references: Sequence[str]) -> Mapping[str, Accepted | Refused]:
        """What became of each; one that is under way, or not known any more, is missing."""
        ack, found = self.part.ack, dict[str, Accepted | Refused]()
        assert isinstance(ack, Later)  # noqa: S101 - opened for no other
        for reference in dict.fromkeys(references):
            try:
                document = self.look_at(text_filled(ack.poll_path, {"reference": path_segment(reference)}))
            except (Rejected, BadPayload):
                continue
            outcome = outcome_of(ack, document, reference)
            if outcome is not None:
                found[reference] = outcome
        return found


def _of_a_day(spans: Incremental | None) -> dict[str, str]:
    """The parameters by which the marks' list is asked for a span, for a span of one day."""
    named = {spans.start_param: "{start}", spans.end_param: "{end}"} if spans else {}
    return {name: text for name, text in named.items() if name}


def _key_of_call(batch: Sequence[Mapping[str, Any]]) -> str:
    """The same for the same marks, whenever they are sent; no pupil can be read out of it."""
    return blake2b("\n".join(str(values["key"]) for values in batch).encode(), digest_size=16).hexdigest()


def _wrapped(body: Any, place: str, rows: list[dict[str, Any]]) -> Any:
    *outer, last = place.split(".")
    inner = body
    for name in outer:
        inner = inner.setdefault(name, {})
    inner[last] = rows
    return body


def _document(content: bytes, form: str) -> Any:
    try:
        return decoded(content, form)
    except BadPayload:
        return None
