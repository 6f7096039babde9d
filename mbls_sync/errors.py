"""Every error of mbls-sync, sorted by what to do next.

MblsError
├── ConfigurationError      stop at start-up and say which file and line
│   ├── PluginRefused       a plugin does not keep its contract
│   ├── ParameterError      a parameter file is unreadable or cites nothing
│   ├── NotInForce          no value is in force on the date asked for
│   └── CalendarGap         no school calendar covers the date asked for
├── PaperRefused            a paper cannot be written as its receiver must have it: mend the data in the MIS
├── StoreError              the database cannot be used as it is
│   ├── LeaseLost           another process writes for this school: stop at once
│   └── LedgerBroken        the ledger was edited, deleted, reordered or cut
└── MisError
    ├── Unreachable         nothing was changed; try again later
    │   └── Busy            … but not before `retry_after`
    ├── Rejected            understood and refused; a person must look
    │   └── AuthRejected    stop pulling until the credentials are renewed
    └── BadPayload          an answer we cannot read

A message says what happened, to what (file, line), why it matters, and what to do. It never holds a
pupil's name or UPN. What happens to a *write* is a value (`Accepted | Refused | Unknown`), never an
exception: the caller must look at it.
"""

from __future__ import annotations

import errno
from pathlib import Path


class MblsError(Exception):
    """Anything mbls-sync raises on purpose."""


class ConfigurationError(MblsError):
    """Something a person wrote must be mended before a start. Exit code 2."""

    def __init__(self, problem: str, *, file: Path | str | None = None, line: int | None = None) -> None:
        place = "" if file is None else f"{file}:{line}: " if line else f"{file}: "
        super().__init__(place + problem)
        self.file = file
        self.line = line


class PluginRefused(ConfigurationError):
    """A plugin was not loaded, named, with the reason."""


class ParameterError(ConfigurationError):
    """A parameter, code or calendar file is unreadable, incomplete or cites nothing."""


class NotInForce(ConfigurationError):
    """A parameter was asked for on a date on which no value of it is in force."""


class CalendarGap(ConfigurationError):
    """No school calendar covers the date asked for."""


class PaperRefused(MblsError):
    """A return, letter or packet cannot be written without altering what it says; the data must be mended."""


class StoreError(MblsError):
    """The database cannot be used as it is."""


class LeaseLost(StoreError):
    """Another process has become the writer for this school; this one must stop."""


class LedgerBroken(StoreError):
    """The ledger does not prove the register: an entry was edited, deleted, reordered or cut."""


class MisError(MblsError):
    """The MIS, or its drop folder, did not do as asked."""


class Unreachable(MisError):
    """The MIS could not be reached; nothing was changed. Exit code 3."""


class Busy(Unreachable):
    """The MIS asks to be left alone for `retry_after` seconds."""

    def __init__(self, problem: str, retry_after: float) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class Rejected(MisError):
    """The MIS understood and refused; a person must look."""


class AuthRejected(Rejected):
    """The MIS refused the credentials; pulling stops until they are renewed."""


class BadPayload(MisError):
    """The MIS answered something that cannot be read."""


def in_words(error: OSError) -> str:
    """What the operating system refused, about which file, and what to do about it."""
    where = f"{error.filename}: " if error.filename else ""
    says = error.strerror or type(error).__name__
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{where}the disk is full ({says}); make room, then run again: nothing half-done is kept"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{where}this user may not ({says}); give the user that runs mbls-sync the right, then run again"
    return f"{where}cannot be used ({says}); `mbls-sync check` looks at every folder that is needed"
