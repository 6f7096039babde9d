"""A hook is written down, has a contract, and is used: all three, or it is none."""

import re
from pathlib import Path

import pytest

from mbls_sync.registry.check import hook_arguments, hook_names
from mbls_sync.registry.manager import build_registry
from mbls_sync.testing.adapter_contract import AdapterContract
from mbls_sync.testing.packet_contract import PacketContract
from mbls_sync.testing.return_contract import ReturnContract
from mbls_sync.testing.rule_contract import RuleContract
from mbls_sync.testing.sender_contract import SenderContract

README = Path(__file__).parents[2] / "plugins" / "README.md"
CONTRACTS = {
    "offer_adapter": AdapterContract,
    "judge_register": RuleContract,
    "judge_session": RuleContract,
    "judge_pupil": RuleContract,
    "judge_request": RuleContract,
    "judge_school": RuleContract,
    "judge_reminder": RuleContract,
    "write_return": ReturnContract,
    "build_packet": PacketContract,
    "send_file": SenderContract,
}
WATCHERS = ("check_health", "run_finished")
"""Nothing depends on what these say: the registry alone is held to surviving them."""


@pytest.mark.parametrize("hook", hook_names())
def test_the_readme_of_the_plugins_writes_the_hook_down_with_its_arguments(hook):
    written = re.search(rf"\b{hook}\(([^)]*)\)", README.read_text(encoding="utf-8"))
    assert written, f"plugins/README.md does not write down {hook}"
    names = [part.partition(":")[0].strip() for part in written[1].replace("\n", " ").split(",") if part.strip()]
    assert names == list(hook_arguments(hook))


def test_every_hook_has_a_contract_or_is_a_watcher():
    assert set(CONTRACTS) | set(WATCHERS) == set(hook_names())


@pytest.mark.parametrize("hook", CONTRACTS)
def test_a_bundled_plugin_uses_the_hook(hook):
    assert any(hook in loaded.hooks for loaded in build_registry().loaded)
