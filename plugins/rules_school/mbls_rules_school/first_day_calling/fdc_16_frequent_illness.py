"""Illness on the parent's word alone, again and again in one term, is put before the head: evidence may be asked for.

Attendance policy 2023, Absence procedures. Evidence is not usually asked for; the head decides where there is a
concern. Evidence that was seen in the term starts the count anew.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from mbls_rules_school.clocks import day_of
from mbls_rules_school.returning import term_of
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, Run, SchoolCalendar, rule

SEEN, ASKED = "medical-evidence-seen", "medical-evidence-asked"


@rule(id="FDC-16", cites="Absence procedures", title="often ill on the parent's word: weigh asking for evidence")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    wanted = policy.count("illness.evidence_spells")
    term = term_of(history.until.day, calendar) if history.figures.absent >= wanted else None
    if term is None:
        return
    spells = _self_certified(history, term.first, policy)
    if len(spells) < wanted:
        return
    yield RaiseTask(
        kind="weigh-evidence",
        title="Weigh whether to ask for medical evidence of illness",
        why=f"{len(spells)} spells of illness this term on the parent's word alone ({_since(spells)}); "
        f"{wanted} are a concern.",
        due=day_ends(calendar.school_day_after(spells[wanted - 1].last.day, 1), calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        # The third spell is what calls for it: a fourth is the same concern, not another card.
        occasion=str(spells[wanted - 1].first),
        steps=(
            "Look at what is known: a health condition, a disability, a healthcare plan.",
            "If evidence is to be asked for, ask home kindly, and record it; I stays until the head decides otherwise.",
        ),
        done_as=ASKED,
    )


def _self_certified(history: History, first: date, policy: PolicyAt) -> list[Run]:
    """The spells of illness since a day, without those up to the last evidence that was seen."""
    codes = policy.text("sickness.codes").split()
    seen = history.last_event(SEEN)
    since = first if seen is None else max(first, day_of(seen, history.calendar) + timedelta(days=1))
    return [run for run in history.runs(*codes) if run.first.day >= since]


def _since(spells: list[Run]) -> str:
    return ", ".join(said_day(spell.first.day) for spell in spells)
