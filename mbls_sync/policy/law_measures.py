"""What the policy comes to where no single value says it: how long registers are open, and which codes are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal

from mbls_sync.model.codes import CodeStanding
from mbls_sync.model.decisions import Value
from mbls_sync.model.pupils import Phase
from mbls_sync.policy.view import PolicyAt

NONE = "none"

Measure = Callable[[PolicyAt, Mapping[str, str]], str]
"""A measure of the policy on its day; the codes are those of the day and those listed, with how each stands."""


def shown(value: Value) -> str:
    """A value in a word or two, as a table shows it."""
    match value:
        case None:
            return NONE
        case bool():
            return "yes" if value else "no"
        case time():
            return f"{value:%H:%M}"
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case tuple():
            return ", ".join(key for key, _ in value)
        case _:
            return str(value)


def longest_open(policy: PolicyAt, _: Mapping[str, str]) -> str:
    """The most minutes that any register stays open."""
    return str(max(_minutes(policy)))


def lengths_open(policy: PolicyAt, _: Mapping[str, str]) -> str:
    """How many different lengths registers stay open for."""
    return str(len(set(_minutes(policy))))


def morning_times(policy: PolicyAt, _: Mapping[str, str]) -> str:
    """At how many different times the morning registers are taken."""
    return str(len({policy.time_of_day(f"registers.am_marked_by.{phase}") for phase in Phase}))


def afternoon_times(policy: PolicyAt, _: Mapping[str, str]) -> str:
    """At how many different times the afternoon registers are taken."""
    return str(len({policy.time_of_day(f"registers.pm_marked_by.{phase}") for phase in Phase}))


def withdrawn_codes(policy: PolicyAt, codes: Mapping[str, str]) -> str:
    """The codes that the policy lists and that are not in the national set of the day."""
    listed = policy.text("registers.codes_listed").split()
    return " ".join(code for code in listed if codes.get(code) != CodeStanding.VALID) or NONE


def missing_codes(policy: PolicyAt, codes: Mapping[str, str]) -> str:
    """The national codes of the day, for pupils of this age, that the policy does not list."""
    listed = policy.text("registers.codes_listed").split()
    return " ".join(sorted(c for c, how in codes.items() if how == CodeStanding.VALID and c not in listed)) or NONE


def followed_withdrawn(policy: PolicyAt, codes: Mapping[str, str]) -> str:
    """The codes outside the national set that a mark may carry at the school without being looked at."""
    return NONE if policy.text("registers.code_list") == "national" else withdrawn_codes(policy, codes)


def followed_missing(policy: PolicyAt, codes: Mapping[str, str]) -> str:
    """The national codes that a mark may not carry at the school without being looked at."""
    return NONE if policy.text("registers.code_list") == "national" else missing_codes(policy, codes)


def hash_covers(policy: PolicyAt, _: Mapping[str, str]) -> str:
    """What # may stand for at the school."""
    return "whole or part" if policy.flag("registers.hash_for_part") else "whole school"


def _minutes(policy: PolicyAt) -> list[int]:
    closes = _of(policy.time_of_day("registers.am_closes"))
    mornings = [closes - _of(policy.time_of_day(f"registers.am_marked_by.{phase}")) for phase in Phase]
    return [*mornings, policy.count("registers.pm_close_minutes")]


def _of(when: time) -> int:
    return when.hour * 60 + when.minute


MEASURES: Mapping[str, Measure] = {
    "longest_open": longest_open,
    "lengths_open": lengths_open,
    "morning_times": morning_times,
    "afternoon_times": afternoon_times,
    "withdrawn_codes": withdrawn_codes,
    "missing_codes": missing_codes,
    "followed_withdrawn": followed_withdrawn,
    "followed_missing": followed_missing,
    "hash_covers": hash_covers,
}
"""Every measure by the name that the table of comparisons gives it."""
