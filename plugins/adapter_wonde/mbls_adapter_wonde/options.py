"""What a school sets under `[sources.NAME.options]` for Wonde."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, model_validator

from mbls_sync.api import ConfigurationError, Manners

Count = Annotated[int, Field(ge=1)]


class Options(BaseModel, extra="forbid", frozen=True, hide_input_in_errors=True):
    """One school at Wonde. Names that Wonde does not publish can be set: what a school sees wins over a guess.

    `base_url` is that of the school's region (`region.domain` of the school at Wonde). `since` is the first day whose
    marks are read; without it the first day of the calendars. Marks are first loaded `window_days` days at a time,
    by the two named parameters; where both are empty, in one go. Later pulls ask for what was updated since, and
    `look_back_minutes` before that. Where rows say no moment of update, the last `recheck_days` days are read again.
    `recomputes` says that the MIS behind Wonde (Arbor does) works marks out from its other registers, so that a written
    one is believed at a second look only. Pupils and contacts are read once an hour; `people = false` leaves them to
    another source.
    """

    school: Annotated[str, Field(pattern=r"^[A-Za-z0-9]+$")]
    token: SecretStr | None = None
    token_file: Path | None = None
    base_url: str = "https://api.wonde.com/v1.0"
    people: bool = True
    since: date | None = None
    per_page: Count = 200
    window_days: Count = 14
    recheck_days: Annotated[int, Field(ge=0)] = 7
    look_back_minutes: Annotated[int, Field(ge=0)] = 15
    date_from_param: str = "attendance_date_from"
    date_to_param: str = "attendance_date_to"
    group_type: str = "REGISTRATION"
    no_mark_codes: tuple[str, ...] = ("-",)
    marks_per_call: Count = 1
    comment: str = ""
    recomputes: bool = False
    done_statuses: tuple[str, ...] = ("complete", "completed", "success", "succeeded", "done")
    failed_statuses: tuple[str, ...] = ("failed", "error", "rejected", "cancelled")
    read_timeout: Annotated[float, Field(gt=0)] = 60.0
    attempts: Count = 5
    ca: Path | None = None
    proxy: SecretStr | None = None

    @model_validator(mode="after")
    def _one_token(self) -> Options:
        if (self.token is None) is (self.token_file is None):
            raise ValueError("set `token`, or better `token_file`, the name of a file that holds it; one of the two")
        return self

    def secret(self, folder: Path) -> str:
        """The token. A relative `token_file` is against the school's folder. Raises ConfigurationError."""
        if self.token is not None:
            return self.token.get_secret_value()
        file = folder / (self.token_file or "")
        try:
            found = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ConfigurationError(
                "`token_file` cannot be read; name it right, or let this user read it", file=file
            ) from None
        if not found:
            raise ConfigurationError("`token_file` holds nothing; write the school's token into it", file=file)
        return found

    def manners(self, folder: Path) -> Manners:
        """How Wonde is spoken to. A relative `ca` is against the school's folder."""
        proxy = self.proxy.get_secret_value() if self.proxy else None
        ca = folder / self.ca if self.ca else None
        return Manners(read_timeout=self.read_timeout, attempts=self.attempts, ca=ca, proxy=proxy)
