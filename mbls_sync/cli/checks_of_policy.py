"""What `check` looks at beyond single values of the policy: its gaps, and whether each duty reaches somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mbls_sync.cli.checks import NOTE, PROBLEM, Line, Look
from mbls_sync.cli.wiring import Office
from mbls_sync.model.reminders import Reminder
from mbls_sync.policy.gaps import gaps as gaps_of
from mbls_sync.policy.places import reminders_file, shipped_config
from mbls_sync.policy.reminders import load_reminders, reminders_in

HOLDERS = "roles.holders"


def gaps(office: Office) -> Iterator[Line]:
    """Where the policy itself leaves something open."""
    mend = "put it before the governing body; mbls-sync check --law holds the policy against the law"
    yield from (Line(NOTE, "policy", gap, mend) for gap in gaps_of(office.parameters, office.local_now().date()))


def ended(office: Office) -> Iterator[Line]:
    """A value that is empty today: meant, or a slip of the pen."""
    today = office.local_now().date()
    for name, parameter in sorted(office.parameters.items()):
        known = parameter.values[0].since <= today
        if known and (dated := parameter.on(today)).value is None:
            says = f"{parameter.file}: {name} has ended; its value is empty since {dated.since.isoformat()}"
            yield Line(
                NOTE, "policy", says, "where that is a slip, write the value: a rule that needs it cannot be judged"
            )


def reminders(office: Office) -> Iterator[Line]:
    """Every reminder names a role there is, and no shipped one is lost: a row that is gone asks nobody for its duty."""
    file = reminders_file(office.settings.config_folder)
    ours = {parameter.name: parameter for parameter in reminders_in(office.parameters)}
    for parameter in ours.values():
        roles = {Reminder.of(value.value).role for value in parameter.values if isinstance(value.value, tuple)}
        for role in sorted(role for role in roles if f"roles.{role}" not in office.parameters):
            says = f"{file}: {parameter.name} is for the role {role!r}, which the policy does not know"
            yield Line(PROBLEM, "reminders", says, "name a role of config/policy/parameters/roles, or add it there")
    for name in sorted(set(load_reminders(reminders_file(shipped_config()))) - set(ours)):
        mend = "copy the row from the shipped table; to end a duty, give its row an `until`"
        yield Line(NOTE, "reminders", f"{file}: {name} is not in the table, so nobody is asked for it", mend)


def holders(office: Office) -> Iterator[Line]:
    """Every role of the policy has somebody: what falls to a role without a name reaches nobody."""
    parameter, today = office.parameters.get(HOLDERS), office.local_now().date()
    if parameter is None or not parameter.values or parameter.values[0].since > today:
        return
    rows = parameter.on(today).value
    nobody = [role for role, name in rows if not name.strip()] if isinstance(rows, tuple) else []
    if nobody:
        mend = "write each name between the quotes behind its role, as in 'SENCO': 'A. Example'; two for home visits"
        yield Line(NOTE, "roles", f"{parameter.file}: nobody is named for {', '.join(nobody)}", mend)


LOOKS: Mapping[str, Look] = {"gaps": gaps, "ended": ended, "reminders": reminders, "holders": holders}
