"""What every rule promises; an author inherits it, names the module, and adds their own edges.

    class TestCallHome(RuleContract):
        module = fdc_03_call_home

Its cases are found beside it: `cases/fdc-03-call-home.yaml` in a folder above the module. The first case that
expects something is the trigger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from mbls_sync.engine.world import World
from mbls_sync.errors import NotInForce
from mbls_sync.model.decisions import Decision
from mbls_sync.policy.proofs import rule_cases
from mbls_sync.policy.view import Parameter
from mbls_sync.registry.manager import BoundRule
from mbls_sync.testing.builders import ZONE, Someone, a_pupil, a_world, the_calendar
from mbls_sync.testing.cases import Case, load_cases
from mbls_sync.testing.contract import Contract
from mbls_sync.testing.expecting import differences
from mbls_sync.testing.filling import presence
from mbls_sync.testing.purity import faults
from mbls_sync.testing.running import bind, judged

NOT_YET = date.max
"""A value that starts on this day is never in force."""


class RuleContract(Contract):
    """Tests that hold for every rule. Set `module`; the rest has good defaults.

    `cases_file` names the file of cases where it lies elsewhere. `parameters` are a plugin's own, laid over
    the shipped policy. `reads_nothing` says why a rule reads no dated value, where that is right,
    and `speaks_of_nothing` why it speaks before any register was taken.
    """

    module: ClassVar[ModuleType]
    cases_file: ClassVar[Path | None] = None
    parameters: ClassVar[Mapping[str, Parameter]] = {}
    reads_nothing: ClassVar[str] = ""
    speaks_of_nothing: ClassVar[str] = ""

    def rule(self) -> BoundRule:
        """The rule under test."""
        return bind(self.module)

    def cases(self) -> Sequence[Case]:
        """Every case of the rule."""
        return load_cases(self.cases_file or find_cases(self.module), self.parameters)

    def trigger(self) -> World:
        """A world in which the rule asks for something: that of the first case which expects something."""
        found = next((case.world for case in self.cases() if case.wishes), None)
        assert found is not None, "no case expects anything; write one in which the rule must speak"
        return found

    def decisions(self, world: World) -> tuple[Decision, ...]:
        """What the rule asks for in a world, with its reasons; no failure is allowed."""
        found = judged(self.rule(), world)
        assert not found.failures, f"the rule failed: {found.failures[0].error}"
        return found.decisions

    def test_it_keeps_the_rules_of_the_registry(self) -> None:
        """The hook, its arguments, its annotations, its citation and its file's name are as at load."""
        assert self.rule().info.id

    def test_it_speaks_when_triggered(self) -> None:
        """There is a world in which the rule asks for something."""
        assert self.decisions(self.trigger()), "the rule is silent in the case that should trigger it"

    def test_its_cases_hold(self) -> None:
        """Every case gives exactly what it expects; there is one that expects something and one that does not."""
        cases, rule = self.cases(), self.rule()
        problems = [
            f"{case.place}: {case.name}: {problem}"
            for case in cases
            if (problem := differences(case.wishes, case.asked(rule)))
        ]
        assert not problems, "\n".join(problems)
        silent = [case for case in cases if not case.wishes]
        assert silent, "no case expects silence; write one close to the trigger, such as a minute earlier"

    def test_it_is_pure(self) -> None:
        """Asked twice about the same, it answers the same; it reaches for nothing but its arguments."""
        world = self.trigger()
        assert self.decisions(world) == self.decisions(world), "the same world gave two answers"
        assert not faults(self.module), "\n".join(faults(self.module))

    def test_its_docstring_names_the_section_it_cites(self) -> None:
        """The first thing a reader sees says which section of the policy made the duty."""
        text = " ".join((self.module.__doc__ or "").split())
        cites = self.rule().info.cites
        assert cites.casefold() in text.casefold(), f"the module's docstring does not name {cites!r}"

    def test_it_refuses_to_guess_before_the_policy_began(self) -> None:
        """Where no value it reads is in force yet, it proposes nothing: it fails by name, or asks first."""
        world = self.trigger()
        read = {reading.parameter for found in self.decisions(world) for reading in found.because.readings}
        assert read or self.reads_nothing, "the rule reads no dated value; a number of the policy stands in its code"
        try:
            before = judged(self.rule(), replace(world, parameters=_not_begun(world.parameters, read)))
        except NotInForce:
            return  # The engine reads one of these values too, to choose the subjects, and refuses by name itself.
        assert not (read and before.decisions), "the rule proposes although no value it reads is in force"
        assert all("NotInForce" in failure.error for failure in before.failures), before.failures[0].error

    def test_it_is_silent_about_a_pupil_of_whom_nothing_is_known(self) -> None:
        """On the first morning of the year, before any register, about a pupil without a mark, it asks for nothing.

        A rule that speaks all the same says why in `speaks_of_nothing`.
        """
        if self.speaks_of_nothing:
            return
        assert not self.decisions(self._laid_over(a_world(_first_morning(), Someone(a_pupil()))))

    def test_it_is_silent_about_a_pupil_who_is_always_here(self) -> None:
        """A rule about one pupil asks for nothing where the pupil never missed a session and has two adults to call."""
        if self.rule().judge not in ("judge_session", "judge_pupil", "judge_request"):
            return
        first = _first_morning().date()
        now = datetime.combine(first + timedelta(days=14), time(16), tzinfo=ZONE)
        someone = Someone(a_pupil(), presence(the_calendar(), first, now.date()))
        assert not self.decisions(self._laid_over(a_world(now, someone)))

    def _laid_over(self, world: World) -> World:
        return replace(world, parameters={**world.parameters, **self.parameters})


def find_cases(module: ModuleType) -> Path:
    """The file of cases of a rule's module: `cases/<its name in kebab-case>.yaml` in a folder above it."""
    here = Path(str(module.__file__))
    found = rule_cases(here)
    assert found, f"there is no cases/{here.stem.replace('_', '-')}.yaml beside {here.name}; write its cases there"
    return found


def _first_morning() -> datetime:
    day = the_calendar().years[-1].sessions[0].day
    return datetime.combine(day, time(7), tzinfo=ZONE)


def _not_begun(parameters: Mapping[str, Parameter], read: set[str]) -> Mapping[str, Parameter]:
    """The parameters, with every value of those that were read starting later than any day."""
    return {
        name: replace(known, values=(replace(known.values[0], since=NOT_YET),)) if name in read else known
        for name, known in parameters.items()
    }
