"""One pass over one school: recover, pull, judge, reconcile, deliver, verify.

The order loses nothing wherever the process dies. Rows, ledger and cursor are stored together; planned
effects and their audit are stored together; a mark is stored as being sent before it is sent, and what came
of it after; a file is whole or not there. So a pass that starts after any kill ends where one undisturbed
would have ended, and a second pass over the same school changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from mbls_sync.delivery.marks import recover
from mbls_sync.model.deliveries import RunReport
from mbls_sync.pipeline.marks import deliver_marks, follow_up
from mbls_sync.pipeline.papers import deliver_papers
from mbls_sync.pipeline.parts import DELIVER, JUDGE, PULL, PassInputs, PassReport, Tally
from mbls_sync.pipeline.plan import Plan, look_back, plan, plan_after_delivery
from mbls_sync.pipeline.pull import pull_all
from mbls_sync.pipeline.sending import deliver_files
from mbls_sync.store import first_load, outbox, quarantine

__all__ = ["PassInputs", "PassReport", "run_pass"]


def run_pass(given: PassInputs) -> PassReport:
    """Run one pass. Two in a row change nothing.

    A source that cannot be reached is a problem in the report, and the pass goes on with what is known.
    Raises LeaseLost when another process has become the writer, ConfigurationError or StoreError when what
    the pass needs is not there; whatever was stored before stands.
    """
    started, tally = given.now(), Tally()
    if given.at is not None:
        look_back(given, given.at, tally)
        return tally.report(_run(started), started, given.now())
    tally.add(recovered=recover(given.store, started, given.fence))
    if PULL in given.do:
        pull_all(given, started, tally)
        _count_waiting(given, tally)
    if JUDGE in given.do and not _is_cut_short(given, tally):
        _judge_and_deliver(given, started, tally)
    report = tally.report(_run(started), started, given.now())
    given.registry.run_finished(RunReport(report.run, report.started, report.finished, report.counts))
    return report


def _count_waiting(given: PassInputs, tally: Tally) -> None:
    """What waits for a person, whether this pass or an earlier one put it there."""
    with given.store.read() as tx:
        tally.counts["quarantined"] = len(quarantine.open_rows(tx))
        tally.counts["held"] = len(quarantine.held(tx))


def _is_cut_short(given: PassInputs, tally: Tally) -> bool:
    """Whether half a first load is all there is: judged by it, every pupil's history would be another."""
    with given.store.read() as tx:
        cut_short = first_load.is_cut_short(tx)
    if cut_short:
        tally.problems.append(
            "the first load is not complete, so nothing was judged: half a history would call for what the whole does "
            "not. The next pull goes on where this one ended; see that the MIS answers"
        )
    return cut_short


def _judge_and_deliver(given: PassInputs, now: datetime, tally: Tally) -> None:
    if DELIVER in given.do:
        follow_up(given, tally)
    made = plan(given, now, tally)
    if DELIVER in given.do:
        holds = deliver_marks(given, made, tally)
        plan_after_delivery(given, made, holds, tally)
    _see_outbox(given, made, tally)
    if DELIVER in given.do:
        deliver_papers(given, made, tally)
        deliver_files(given, made, tally)


def _see_outbox(given: PassInputs, made: Plan, tally: Tally) -> None:
    """The outbox as it stands: what is open, and what is asked for."""
    with given.store.read() as tx:
        tally.effects = outbox.standing(tx, made.asked)
    _count_waiting(given, tally)


def _run(started: datetime) -> str:
    return started.strftime("%Y%m%dT%H%M%S")
