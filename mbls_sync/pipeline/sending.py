"""Sends what was filed by the channels of the settings, as far as the mode and a person's approval let it."""

from __future__ import annotations

from collections import Counter
from datetime import time, timedelta

from mbls_sync.delivery.as_taken import misfit, taken_as
from mbls_sync.delivery.documents import Document, documents
from mbls_sync.delivery.return_states import SENT
from mbls_sync.delivery.send_plan import Rules, plan_sendings
from mbls_sync.delivery.sending import SendDesk
from mbls_sync.model.deliveries import Mode
from mbls_sync.model.sendings import PaperKind
from mbls_sync.pipeline.parts import PassInputs, Tally
from mbls_sync.pipeline.plan import Plan
from mbls_sync.registry.manager import Registry

FIGURES_STAND = "office.day_ends"
PATIENCE = timedelta(minutes=15)
"""How long the daemon leaves a channel alone that failed."""


def deliver_files(given: PassInputs, made: Plan, tally: Tally) -> None:
    """Look after what was sent before, plan what was filed since, and send what is approved. Shadow sends nothing."""
    if not given.ways or given.mode is Mode.SHADOW:
        return
    patience = PATIENCE if given.patient else timedelta(0)
    desk = SendDesk(given.store, given.ways, given.now, given.outgoing, given.fence, patience)
    desk.settle()
    filed = documents(given.folders.out)
    with given.store.begin() as tx:
        tally.problems += plan_sendings(tx, filed, given.ways, made.world.roll, _rules(given, made))
    report = desk.send({document.name: document for document in filed})
    tally.add(files_sent=report.sent, files_unsure=report.unsure, files_refused=report.refused)
    tally.problems += report.problems


def _rules(given: PassInputs, made: Plan) -> Rules:
    policy = made.world.policy()
    sent = Counter(event.ref for event in made.world.events if event.kind == SENT)
    stand = policy.time_of_day(FIGURES_STAND) if policy.is_in_force(FIGURES_STAND) else time.max
    return Rules(
        mode=given.mode,
        mode_since=made.mode_since,
        now=made.world.now,
        figures_stand=stand,
        duty=lambda document: duty_of(document, given.registry),
        sent_before=lambda document: document.kind is PaperKind.RETURN and document.number <= sent[document.about],
        misfit=lambda document, way: misfit(way, taken_as(given.profile, document, made.world.today)),
    )


def duty_of(document: Document, registry: Registry) -> str:
    """What the writer of a document cites; its name where no plugin in use writes it."""
    bound = registry.returns if document.kind is PaperKind.RETURN else registry.packets
    found = bound.get(document.paper)
    return found.info.cites if found is not None else document.paper
