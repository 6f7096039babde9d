"""Which return a command is about: the arguments that name it, and the one that they mean."""

from __future__ import annotations

from typing import Annotated

import typer

from mbls_sync.cli.wiring import Office
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.return_entries import due_without_lines, returns_due
from mbls_sync.delivery.return_states import ReturnState
from mbls_sync.delivery.returns import PreparedReturn, ReturnWriter
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.papers import ReturnDue

HELD = (ReturnState.SENT, ReturnState.ACKNOWLEDGED, ReturnState.QUERIED, ReturnState.CORRECTED)
NameArgument = Annotated[str, typer.Argument(help="The return, as `returns list` names it.", metavar="NAME")]
PeriodOption = Annotated[str, typer.Option("--period", help="Which one, where several are open.", metavar="PERIOD")]
ByOption = Annotated[
    str, typer.Option("--by", help="Who says so; the attendance officer where left out.", metavar="NAME")
]


def the_writer(office: Office, name: str) -> ReturnWriter:
    """What writes the return. Raises ConfigurationError where no plugin does."""
    writers = office.registry.returns
    if name not in writers:
        there = ", ".join(writers) or "none"
        raise ConfigurationError(f"no plugin in use writes a return called {name!r}; there are: {there}")
    return writers[name]


def the_return(desk: Desk, name: str, period: str) -> ReturnDue:
    """The one return that is meant. Raises ConfigurationError where it could be several, or has no line."""
    open_ones = [due for due in returns_due(desk) if due.name == name and period in ("", due.period)]
    if not open_ones:
        if period:
            raise ConfigurationError(f"{name} has no line for {period!r}; `mbls-sync returns list` shows what it has")
        # Asked for before any line fell due: an empty return of today is an answer too.
        return due_without_lines(name, desk)
    if len(open_ones) > 1 and not period:
        # The latest is what falls due next; the earlier ones are named, not guessed at.
        current = [due for due in open_ones if due.due >= desk.now.date()]
        if len(current) == 1:
            return current[0]
        periods = ", ".join(due.period for due in open_ones)
        raise ConfigurationError(f"{name} is open for several periods: {periods}; say --period and one of them")
    return open_ones[0]


def refuse_what_the_la_has(prepared: PreparedReturn) -> None:
    """Raise ConfigurationError where the LA has the return and nothing of it is to be corrected.

    A further number that nobody asked for would be sent as a correction of nothing.
    """
    if prepared.state in HELD:
        named = f"{prepared.due.name} --period '{prepared.due.period}'"
        raise ConfigurationError(
            f"the LA has {prepared.ref} as number {prepared.number - 1}, and nothing in it is to be corrected, so no "
            f"further number was written. Where the LA lost it, give it {prepared.supersedes} of out/returns again. "
            f"To correct it: mbls-sync returns correct {named} --reason TEXT"
        )


def person(office: Office, by: str) -> str:
    """Who is recorded as having said so."""
    return by or office.settings.school.attendance_officer or "a person"
