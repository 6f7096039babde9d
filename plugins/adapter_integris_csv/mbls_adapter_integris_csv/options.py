"""What the settings may say about a drop folder of Integris exports."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mbls_adapter_integris_csv.columns import FIELDS

DateFormat = Literal["dd/mm/yyyy", "yyyy-mm-dd", "dd mon yyyy"]


class Options(BaseModel):
    """The knobs of the reader. Every default reads an export as Integris, or a person, is likely to write it.

    `aliases` adds header spellings to a field, such as `{mark = ["Roll Call"]}`; case, spaces and
    punctuation of a header never matter. `session_columns` is a pattern with the groups `day` (or `date`)
    and `session`, for session columns that are headed in another way than `Mon AM` or `01/09/2026 AM`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Annotated[str, Field(min_length=1)] = "inbox"
    settle_seconds: Annotated[float, Field(ge=0, le=600)] = 2.0
    layout: Literal["auto", "long", "wide", "mark_string"] = "auto"
    encoding: Literal["auto", "utf-8", "cp1252", "utf-16"] = "auto"
    delimiter: Literal["auto", ",", ";", "\t"] = "auto"
    preamble_rows: Annotated[int, Field(ge=0, le=100)] = 10
    aliases: dict[str, tuple[str, ...]] = {}
    session_columns: str | None = None
    date_formats: Annotated[tuple[DateFormat, ...], Field(min_length=1)] = (
        "dd/mm/yyyy",
        "yyyy-mm-dd",
        "dd mon yyyy",
    )
    week_commencing: Literal["auto", "column", "preamble", "file_name"] | date = "auto"
    extract_date: Literal["auto", "column", "preamble", "file_name", "file_day"] | date = "auto"
    no_mark: tuple[str, ...] = ("-",)
    stale_after_days: Annotated[int, Field(gt=0)] = 7
    max_megabytes: Annotated[int, Field(gt=0, le=1024)] = 64

    @field_validator("aliases")
    @classmethod
    def _fields_are_known(cls, aliases: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        unknown = sorted(set(aliases) - FIELDS)
        if unknown:
            raise ValueError(f"no field is called {', '.join(unknown)}; the fields are {', '.join(sorted(FIELDS))}")
        return aliases

    @field_validator("session_columns")
    @classmethod
    def _pattern_has_its_groups(cls, pattern: str | None) -> str | None:
        if pattern is None:
            return None
        try:
            groups = set(re.compile(pattern).groupindex)
        except re.error as error:
            raise ValueError(f"session_columns is no pattern: {error}") from None
        if "session" not in groups or not groups & {"day", "date"}:
            raise ValueError("session_columns needs the groups (?P<session>…) and (?P<day>…) or (?P<date>…)")
        return pattern
