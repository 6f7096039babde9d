import sys
from datetime import UTC, datetime
from importlib.metadata import EntryPoint

import pluggy
import pytest

from mbls_sync.errors import PluginRefused
from mbls_sync.model.deliveries import RunReport
from mbls_sync.registry import discover
from mbls_sync.registry.check import hook_arguments, hook_names
from mbls_sync.registry.discover import find_plugins
from mbls_sync.registry.manager import build_registry

NOW = datetime(2026, 9, 7, 9, 15, tzinfo=UTC)
HEAD = """\
from collections.abc import Iterable
from datetime import datetime
from mbls_sync.api import *
from mbls_sync.api import PolicyAt, Proposal, Pupil, AdapterOffer, HealthReport, hookimpl, la_return, packet, rule
"""
GIVEN = {"pupil": "p", "policy": None, "now": 1, "history": "not asked for", "calendar": None}
RULE = """
@rule(id="{id}", cites="Absence procedures", title="made up")
def judge_pupil(pupil: Pupil, policy: PolicyAt, now: datetime) -> Iterable[Proposal]:
    {body}
"""


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch):
    """Each test sees the plugins it makes, and leaves no import behind."""
    monkeypatch.setattr(discover, "entry_points", lambda group: ())
    before, path = set(sys.modules), list(sys.path)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("mbls_made_up"):
            del sys.modules[name]
    sys.path[:] = path


@pytest.fixture
def plugin(tmp_path):
    """Writes a plugin of the given modules; the folder to discover is its parent."""

    def write(modules, name="made-up", package="mbls_made_up"):
        folder = tmp_path / "plugins" / name
        (folder / package).mkdir(parents=True)
        (folder / "pyproject.toml").write_text(
            f'[project]\nname = "{name}"\nversion = "1.0"\n[project.entry-points.mbls_sync]\n{name} = "{package}"\n'
        )
        (folder / package / "__init__.py").write_text('"""Made up."""\n')
        for module, text in modules.items():
            (folder / package / f"{module}.py").write_text(HEAD + text)
        return tmp_path / "plugins"

    return write


def a_rule(id="FDC-03", body="return []"):
    return RULE.format(id=id, body=body)


def test_a_rule_is_called_with_only_the_arguments_it_names(plugin):
    folder = plugin({"fdc_03_call": a_rule(body="yield (pupil, now)")})
    (bound,) = build_registry(folders=[folder]).rules("judge_pupil")
    assert (bound.info.id, bound.plugin, bound.arguments) == ("FDC-03", "made-up", ("pupil", "policy", "now"))
    assert bound(GIVEN) == [("p", 1)]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("", []),
        ("now: datetime", [1]),
        ("now: datetime, pupil: Pupil", [1, "p"]),
        ("pupil: Pupil, *, now: datetime", ["p", 1]),
    ],
)
def test_a_rule_may_name_its_arguments_in_any_order_and_by_keyword_alone(plugin, arguments, found):
    wanted = "pupil: Pupil, policy: PolicyAt, now: datetime"
    text = a_rule(body="return locals().values()").replace(wanted, arguments)
    (bound,) = build_registry(folders=[plugin({"fdc_03": text})]).rules("judge_pupil")
    assert bound(GIVEN) == found


def test_a_rule_that_fails_while_it_is_iterated_fails_inside_the_call(plugin):
    (bound,) = build_registry(folders=[plugin({"fdc_03": a_rule(body="yield 1 / 0")})]).rules("judge_pupil")
    with pytest.raises(ZeroDivisionError):
        bound(GIVEN)


def test_a_rule_may_give_nothing_at_all(plugin):
    (bound,) = build_registry(folders=[plugin({"fdc_03": a_rule(body="return None")})]).rules("judge_pupil")
    assert bound(GIVEN) == []


def test_annotations_may_be_text(plugin):
    folder = plugin({})
    text = "from __future__ import annotations\n" + HEAD + a_rule()
    (folder / "made-up" / "mbls_made_up" / "fdc_03.py").write_text(text)
    assert build_registry(folders=[folder]).rules("judge_pupil")


def test_rules_are_sorted_by_id_whatever_the_order_of_files(plugin):
    modules = {f"fdc_{n:02d}": a_rule(f"FDC-{n:02d}") for n in (9, 3, 14)}
    ids = [bound.info.id for bound in build_registry(folders=[plugin(modules)]).rules("judge_pupil")]
    assert ids == ["FDC-03", "FDC-09", "FDC-14"]


RETURN_AS_RULE = "@rule(id='FDC-03', cites='c', title='t')\ndef write_return(policy: PolicyAt): ..."
OFFER = "@hookimpl\ndef offer_adapter() -> AdapterOffer:\n    return {}"
REFUSED = {
    "an import that fails": ("import no_such_library", "No module named 'no_such_library'"),
    "an exit at import": ("raise SystemExit(3)", "SystemExit"),
    "a hook that does not exist": (a_rule().replace("judge_pupil", "judge_pupils"), "judge_pupils is no hook"),
    "a misspelt hook nobody declared": ("def judge_session_(now: datetime): ...", "judge_session_ is no hook"),
    "a misspelt writer beside a hook": (a_rule() + "\ndef write_returns(): ...", "write_returns is no hook"),
    "a hook that is not declared": ("def judge_pupil(now: datetime): ...", "judge_pupil is not declared"),
    "an argument that does not exist": (a_rule().replace("now: datetime", "moment: Moment"), "asks for 'moment: "),
    "any arguments": (a_rule().replace("now: datetime", "*now: datetime"), "asks for"),
    "a wrong annotation": (a_rule().replace("now: datetime", "now: str"), "'now' as str; it is given as datetime"),
    "no annotation": (a_rule().replace("now: datetime", "now"), "annotates 'now' as nothing"),
    "an annotation that cannot be read": (a_rule().replace("now: datetime", "now: 'Nowhere'"), "cannot be read"),
    "a default": (a_rule().replace("now: datetime", "now: datetime = None"), "gives a default to 'now'"),
    "a wrapper": ("@hookimpl(wrapper=True)\ndef judge_pupil(now: datetime): yield", "uses wrapper"),
    "tryfirst": ("@hookimpl(tryfirst=True)\ndef run_finished(report: RunReport): ...", "uses tryfirst"),
    "trylast": ("@hookimpl(trylast=True)\ndef run_finished(report: RunReport): ...", "uses trylast"),
    "another name": ("@hookimpl(specname='judge_pupil')\ndef run_finished(): ...", "uses specname"),
    "a bare judge": ("@hookimpl\ndef judge_pupil(now: datetime): ...", "does not say which section"),
    "a judge that cites nothing": (a_rule().replace('"Absence procedures"', '" "'), "cites nothing"),
    "a rule declared as a return": (RETURN_AS_RULE, "declare it with @la_return"),
    "an id that is none": (a_rule("call-home"), "not one of the catalogue"),
    "a file that is not named after its rule": (a_rule("FDC-04"), "name its file fdc_04_….py"),
    "no offer": (OFFER.format("1"), "gave no AdapterOffer"),
    "an offer that fails": (OFFER.format("1 / 0"), "offer_adapter failed"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_plugin_that_is_not_exactly_right_is_refused_by_name_and_reason(plugin, text, reason):
    with pytest.raises(PluginRefused, match=r"plugin 'made-up' was not loaded") as caught:
        build_registry(folders=[plugin({"fdc_03_call": text})])
    assert reason in str(caught.value)


def test_a_refusal_names_file_and_line(plugin):
    with pytest.raises(PluginRefused) as caught:
        build_registry(folders=[plugin({"fdc_03": a_rule().replace("now: datetime", "now: str")})])
    assert (caught.value.file.name, caught.value.line) == ("fdc_03.py", 6)


def test_two_rules_with_one_id_are_refused(plugin):
    with pytest.raises(PluginRefused, match="two rules have the id 'FDC-03'"):
        build_registry(folders=[plugin({"fdc_03_call": a_rule(), "fdc_03_again": a_rule()})])


def test_a_helper_is_left_alone(plugin):
    helpers = "def check_digit(upn): ...\ndef write_rows(): ...\ndef _judge_pupil_well(): ...\n"
    assert build_registry(folders=[plugin({"helpers": helpers, "fdc_03": a_rule()})]).rules("judge_pupil")


def test_an_imported_hook_is_not_bound_twice(plugin):
    folder = plugin({"fdc_03": a_rule(), "other": "from mbls_made_up.fdc_03 import judge_pupil\n"})
    assert len(build_registry(folders=[folder]).rules("judge_pupil")) == 1


def test_only_a_named_plugin_is_imported(plugin):
    plugin({"broken": "raise RuntimeError"}, "broken", "mbls_made_up_broken")
    folder = plugin({"fdc_03": a_rule()})
    registry = build_registry(["made-up"], [folder])
    assert [loaded.plugin.name for loaded in registry.loaded] == ["made-up"]
    assert [found.name for found in registry.found] == ["broken", "made-up"]
    assert "mbls_made_up_broken" not in sys.modules


def test_a_plugin_can_be_left_out_by_name_only(plugin):
    folder = plugin({"broken": "raise RuntimeError"}, "broken", "mbls_made_up_broken")
    assert build_registry(folders=[folder], without=["broken"]).without == ("broken",)
    with pytest.raises(PluginRefused, match="no plugin is called 'brokn'; found: broken"):
        build_registry(folders=[folder], without=["brokn"])


def test_a_missing_plugin_is_named(plugin):
    with pytest.raises(PluginRefused, match="no plugin is called 'rules'; found: made-up"):
        build_registry(["rules"], [plugin({})])


def test_one_name_for_two_packages_is_refused(plugin, tmp_path, monkeypatch):
    folder = plugin({})
    other = EntryPoint("made-up", "mbls_made_up_elsewhere", "mbls_sync")
    monkeypatch.setattr(discover, "entry_points", lambda group: [other])
    with pytest.raises(PluginRefused, match="two plugins are called 'made-up'"):
        find_plugins([folder])


def test_an_installed_copy_hides_the_one_in_the_folder(plugin, monkeypatch):
    folder = plugin({})
    monkeypatch.setattr(discover, "entry_points", lambda group: [EntryPoint("made-up", "mbls_made_up", "mbls_sync")])
    (found,) = find_plugins([folder])
    assert (found.where, found.folder) == ("installed", None)


def test_a_folder_is_appended_to_the_path_never_prepended(plugin):
    before = list(sys.path)
    folder = plugin({"fdc_03": a_rule()})
    build_registry(folders=[folder])
    assert sys.path == [*before, str(folder / "made-up")]


def test_a_package_that_another_hides_is_refused(plugin):
    folder = plugin({}, "json-rules", "json")
    with pytest.raises(PluginRefused, match="is hidden by another"):
        build_registry(folders=[folder])


def test_a_manifest_that_cannot_be_read_is_refused(plugin):
    folder = plugin({})
    (folder / "made-up" / "pyproject.toml").write_text("[project\n")
    with pytest.raises(PluginRefused, match="manifest cannot be read"):
        find_plugins([folder])


def test_each_registry_is_made_fresh(plugin):
    folder = plugin({"fdc_03": a_rule()})
    assert build_registry(folders=[folder]).bound is not build_registry(folders=[folder]).bound


HEALTH = """
@hookimpl
def check_health(now: datetime) -> Iterable[HealthReport]:
    yield HealthReport("made up", True, "well")
    {then}

@hookimpl
def run_finished(report: RunReport) -> None:
    {then}
"""


def test_a_watcher_that_fails_is_a_report_and_stops_nothing(plugin):
    report = RunReport("run", NOW, NOW, {})
    well = build_registry(folders=[plugin({"watch": HEALTH.format(then="pass")})])
    assert [found.ok for found in well.check_health(NOW)] == [True]
    assert well.run_finished(report) == ()
    plugin({"watch": HEALTH.format(then="raise ValueError('a name')")}, "ill", "mbls_made_up_ill")
    ill = build_registry(["ill"], [well.found[0].folder.parent])
    assert [found.ok for found in ill.check_health(NOW)] == [True, False]
    assert [failure.error for failure in ill.run_finished(report)] == ["ValueError"], "an error's text may hold a name"


def test_the_hooks_are_known_by_name_and_argument():
    assert hook_names()[0] == "offer_adapter"
    assert list(hook_arguments("judge_pupil")) == ["pupil", "history", "policy", "calendar", "now"]
    assert hook_arguments("offer_adapter") == {}


def test_defaults_mean_different_things_to_different_pluggys_and_so_are_never_relied_on():
    """Why a default is refused: pluggy 1.6 and 1.7 hand over different values for this very hook."""
    spec, impl = pluggy.HookspecMarker("trial"), pluggy.HookimplMarker("trial")

    class Specs:
        @spec
        def hook(self, a, b): ...

    class Plugin:
        @impl
        def hook(self, a, b=0):
            return b

    manager = pluggy.PluginManager("trial")
    manager.add_hookspecs(Specs)
    manager.register(Plugin())
    assert manager.hook.hook(a=1, b=2) in ([0], [2])
