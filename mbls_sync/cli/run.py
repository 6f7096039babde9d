"""`mbls-sync run`: the daemon; makes passes on the school's timetable until stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import typer

from mbls_sync import health, logs
from mbls_sync.cli.asking import WithoutOption
from mbls_sync.cli.passes import audit_what_is_left_out, machine, only_one
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.daemon import Daemon, Outcome, stopping
from mbls_sync.delivery.task_list_files import PAGE, SHEET
from mbls_sync.errors import LeaseLost
from mbls_sync.mailing import mail_files
from mbls_sync.pipeline.one_pass import run_pass
from mbls_sync.store.database import Store

app = typer.Typer(add_completion=False)


@app.command()
def run(ctx: typer.Context, without: WithoutOption = None) -> None:
    """Make passes on the school's timetable until stopped (SIGTERM or Ctrl-C)."""
    office = open_office(ctx.obj, without=without)
    given = office.settings
    logs.configure(given.log.format, given.log.level)
    logs.bind_run("start", given.school.id)
    office.refuse_gaps()
    with stopping() as wait, only_one(office), office.store() as store:
        audit_what_is_left_out(office, store)
        # Whatever is not right must stop the start, not the first pass at 8.45.
        sources = office.sources()
        logs.logger().info("settings.read", mode=str(given.mode), count=len(sources))
        daemon = Daemon(
            store=store,
            timetable=office.timetable,
            make_pass=Passes(office, store),
            clock=office.clock,
            wait=wait,
            sign=given.data_folder / health.FILE,
            holder=machine(),
            mail=Mailing(office) if given.task_list.mail else None,
        )
        try:
            daemon.run()
        except LeaseLost as error:
            logs.logger().error("lease.lost", error=error)
            raise


@dataclass(frozen=True)
class Passes:
    """Makes the daemon's passes."""

    office: Office
    store: Store

    def __call__(self, *, fence: int) -> Outcome:
        """One pass; every problem it reports is logged, without names, and each outage as it begins and as it ends."""
        logs.bind_run(f"{self.office.clock():%Y%m%dT%H%M%S}", self.office.settings.school.id)
        report = run_pass(replace(self.office.inputs(self.store, fence=fence), patient=True))
        for outage in report.outages:
            if outage.ended:
                logs.logger().info("outage.ended", source=outage.source, outage_since=outage.since.isoformat())
            else:
                logs.logger().warning("outage.began", source=outage.source, error=outage.says)
        for problem in report.problems:
            logs.logger().warning("pass.problem", error=problem)
        for failure in report.judged.failures if report.judged else ():
            logs.logger().error("rule.failed", rule=failure.rule)
        return Outcome(not report.unreachable, {name: n for name, n in report.counts.items() if n})


@dataclass(frozen=True)
class Mailing:
    """Mails the list as it stands in the out folder."""

    office: Office

    def __call__(self, now: datetime) -> None:
        """Send it. Raises OSError where it cannot be sent."""
        part = self.office.settings.task_list.mail
        files: list[Path] = [self.office.settings.out_folder / name for name in (PAGE, SHEET)]
        if part is None or not all(file.is_file() for file in files):
            raise FileNotFoundError("the task list is not written yet")
        local = now.astimezone(self.office.zone)
        mail_files(part, f"Attendance list {local:%Y-%m-%d %H:%M}", files)
