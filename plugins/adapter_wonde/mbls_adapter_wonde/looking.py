"""What `check` sees of a school at Wonde, and what an empty answer really means."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from mbls_adapter_wonde.codes import Codes
from mbls_adapter_wonde.options import Options
from mbls_adapter_wonde.walk import Wonde
from mbls_adapter_wonde.wire import Row, inner, text_of, yes_of
from mbls_sync.api import HealthReport, Rejected


def school_of(wonde: Wonde) -> Row:
    """What Wonde says of the school itself. Raises MisError."""
    return wonde.one(f"schools/{wonde.school}")


def nobody_there(options: Options, school: Row) -> Rejected:
    """Why no pupil came: another region's address answers with empty lists, not with an error."""
    region, asked = text_of(inner(school, "region").get("domain")), urlsplit(options.base_url).hostname or ""
    if region and region != asked:
        return Rejected(
            f"Wonde gave no pupils at {asked}, and says that this school lives at {region}: an address of another "
            f"region answers with nothing. Set `base_url` of the source to https://{region}/v1.0"
        )
    return Rejected(
        f"Wonde gave no pupils at {asked}: see that `school` is the school's id at Wonde, that `base_url` is of its "
        "region, and that the school has approved access to students. Nothing was taken, because an empty roll is no "
        "roll"
    )


def takes_marks(school: Row) -> bool:
    """Whether the school has allowed marks to be written back."""
    return yes_of(inner(school, "extended").get("allows_writeback")) is True


def no_writing() -> Rejected:
    """Why nothing may be written."""
    return Rejected(
        "the school does not allow marks to be written back through Wonde (allows_writeback); allow it at Wonde, or "
        "enter the marks from the keying sheet"
    )


def reports(options: Options, school: Row, pupils: int, codes: Codes) -> Iterator[HealthReport]:
    """What was seen, each with what to mend."""
    name = text_of(school.get("name")) or options.school
    mis = text_of(school.get("mis")) or "an MIS that it does not name"
    yield HealthReport("wonde school", bool(school), f"{name}, on {mis}", "" if school else "correct `school`")
    if pupils:
        yield HealthReport("wonde pupils", True, f"{pupils} pupils here")
    else:
        yield HealthReport("wonde pupils", False, "no pupil came", str(nobody_there(options, school)))
    yield HealthReport("wonde codes", bool(codes.id_of), f"{len(codes.id_of)} codes in use")
    allowed = takes_marks(school)
    says = "marks may be written back" if allowed else "marks may not be written back, so they come as a keying sheet"
    yield HealthReport("wonde write-back", True, says, "" if allowed else "allow it at Wonde before leaving shadow")
