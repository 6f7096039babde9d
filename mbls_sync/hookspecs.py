"""Every hook of mbls-sync: when it is called and what it promises.

One hook for each kind of subject. An implementation takes any subset of the arguments, never with a
default; arguments are only ever added. Rules run each alone, sorted by id, and their results must survive
a shuffle. `policy` is the policy on the subject's own day; `now` is aware, in the school's zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pluggy

from mbls_sync.contracts import AdapterOffer, HealthReport
from mbls_sync.figures.history import History
from mbls_sync.figures.school import Figures
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.deliveries import RunReport
from mbls_sync.model.happenings import LeaveRequest
from mbls_sync.model.la_profile import ReturnForm
from mbls_sync.model.papers import Evidence, PacketSections, Referral, ReturnDue, ReturnEntry, ReturnTable, School
from mbls_sync.model.proposals import Proposal
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sendings import Channel, OutgoingFile, Receipt
from mbls_sync.model.subjects import Moment, PupilSession, Register
from mbls_sync.policy.view import PolicyAt

PROJECT = "mbls_sync"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """Every hook of mbls-sync. No body here is ever run: pluggy calls the plugins' implementations alone."""

    @hookspec
    def offer_adapter(self) -> AdapterOffer[Any]:
        """Offer one MIS adapter. Called once, at start-up."""
        raise NotImplementedError

    @hookspec
    def judge_register(
        self, register: Register, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
    ) -> Iterable[Proposal]:
        """Judge one class's register in one session: is it taken, in time, complete? Called from its opening."""
        raise NotImplementedError

    @hookspec
    def judge_session(
        self,
        pupil_session: PupilSession,
        pupil: Pupil,
        history: History,
        policy: PolicyAt,
        calendar: SchoolCalendar,
        now: datetime,
    ) -> Iterable[Proposal]:
        """Judge one pupil in one session. Called only once the class's register of that session has opened.

        Today's sessions, and every earlier session of the year that is unexplained, oddly coded or signed
        in to. A register that was not taken suppresses this hook for its pupils.
        """
        raise NotImplementedError

    @hookspec
    def judge_pupil(
        self, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
    ) -> Iterable[Proposal]:
        """Judge one pupil's attendance so far. Called every pass for each pupil on roll."""
        raise NotImplementedError

    @hookspec
    def judge_request(
        self,
        request: LeaveRequest,
        pupil: Pupil,
        history: History,
        policy: PolicyAt,
        calendar: SchoolCalendar,
        now: datetime,
    ) -> Iterable[Proposal]:
        """Judge one request for leave. Called every pass from its arrival to the end of its academic year."""
        raise NotImplementedError

    @hookspec
    def judge_school(
        self, moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
    ) -> Iterable[Proposal]:
        """Judge the school where its year stands: a day, a week, a half-term, a term. Called every pass."""
        raise NotImplementedError

    @hookspec
    def judge_reminder(
        self,
        reminder: str,
        moment: Moment,
        figures: Figures,
        policy: PolicyAt,
        calendar: SchoolCalendar,
        now: datetime,
    ) -> Iterable[Proposal]:
        """Judge one row of the table of reminders, by the name under which `policy.reminder` gives it.

        Called every pass for each row in force. What it asks for is never inherited at go-live: it looks at
        `moment.go_live` itself.
        """
        raise NotImplementedError

    @hookspec
    def write_return(
        self, due: ReturnDue, entries: Sequence[ReturnEntry], school: School, policy: PolicyAt, form: ReturnForm
    ) -> ReturnTable:
        """Lay out one LA return as a table. Called when it falls due, and on request; render makes the bytes.

        `form` is how the school's LA takes it; a form without columns leaves them to the writer.
        """
        raise NotImplementedError

    @hookspec
    def build_packet(self, referral: Referral, evidence: Evidence, school: School, policy: PolicyAt) -> PacketSections:
        """Lay out one referral's packet as sections. Called once when it opens, and on request; the core files it."""
        raise NotImplementedError

    @hookspec
    def send_file(self, file: OutgoingFile, channel: Channel) -> Receipt:
        """Bring one file to its receiver: whole or not at all, never over another. Called once for each attempt."""
        raise NotImplementedError

    @hookspec
    def check_health(self, now: datetime) -> Iterable[HealthReport]:
        """Say what is wrong before it matters. Called by `check`."""
        raise NotImplementedError

    @hookspec
    def run_finished(self, report: RunReport) -> None:
        """Watch a pass end. May change nothing; a failure here is logged and forgotten."""
