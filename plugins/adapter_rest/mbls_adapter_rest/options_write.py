"""What the settings say about writing marks: the body, what it calls things, and how the MIS answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mbls_adapter_rest.options_rows import Form
from mbls_adapter_rest.options_wire import Filled, Part


class SyncBody(Part):
    """`{type = "sync_body"}`: the answer holds a result for each mark, in the order sent, at `results`.

    A row is accepted where the value at `status` is one of `ok`; `reason` is the path of why not.
    """

    type: Literal["sync_body"]
    results: str = ""
    status: Filled
    ok: Annotated[tuple[str, ...], Field(min_length=1)]
    reason: str = ""
    reference: str = ""


class StatusOnly(Part):
    """`{type = "status_only"}`: nothing but the HTTP status, and the rules, says what became of it."""

    type: Literal["status_only"]


class Later(Part):
    """`{type = "async"}`: the answer holds a reference, and the outcome is asked for afterwards at `poll_path`."""

    type: Literal["async"]
    reference: Filled
    poll_path: Filled
    status: Filled
    done: Annotated[tuple[str, ...], Field(min_length=1)]
    failed: Annotated[tuple[str, ...], Field(min_length=1)]
    reason: str = ""


Ack = Annotated[SyncBody | StatusOnly | Later, Field(discriminator="type")]


class ReadBack(Part):
    """Where one mark, or the marks of a day, are asked for; everything else is as in [options.resources.marks].

    In both stand {pupil} {class} {day} {start} {end}. Left out: the marks' own path and parameters, for a day.
    """

    path: str = ""
    params: dict[str, str] = {}


class WritePart(Part):
    """[options.write]. In `row`, `path`, `params`, `headers` and `body` stand {pupil} {class} {day} {session} {code}
    {minutes} {reason} {comment} {expected}; beyond `row` they are those of the first mark of a call. {key} tells the
    call apart from every other, and is the same for the same marks, for an MIS that takes an idempotency key.

    `format` is how the body, the answer and the outcomes are written. In XML a name that begins with @ is an attribute,
    and all stands in one element. `wrap` is the dotted place of the list of rows in the body, beside what `body` holds;
    empty, a row is the body. `pupil` and `code` say how the MIS calls them: the key of the pupil or code in its own
    list, or what we call it. `session` is what it calls AM and PM: a name, an id or a start time. `group_by` says what
    marks of one call have in common: a day, a session, or a class's register of a session. `atomicity` says what a
    refusal of several marks means: that none was taken, that each has its own answer, or nobody knows.
    """

    path: Filled
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    params: dict[str, str] = {}
    headers: dict[str, str] = {}
    format: Literal["json", "xml"] = "json"
    row: dict[str, Any]
    wrap: str = ""
    body: dict[str, Any] = {}
    batch_size: Annotated[int, Field(ge=1, le=1000)] = 1
    group_by: Literal["none", "day", "session", "class"] = "none"
    pupil: Literal["id", "mis_id"] = "mis_id"
    code: Literal["letter", "key"] = "letter"
    session: dict[Literal["AM", "PM"], str] = {"AM": "AM", "PM": "PM"}
    day_format: Form = "%Y-%m-%d"
    atomicity: Literal["per_row", "all_or_nothing", "unknown"] = "unknown"
    recomputes: bool = False
    ack: Ack
    permission: str = ""

    @model_validator(mode="after")
    def _xml_has_one_root(self) -> Self:
        roots = {*self.body, *([self.wrap.partition(".")[0]] if self.wrap else self.row)}
        if self.format == "xml" and len(roots) != 1:
            raise ValueError(
                f"XML has one element around all, and body, wrap and row name {', '.join(sorted(roots))}; write them "
                "below one name"
            )
        return self
