"""`new` writes a plugin that loads at once, and whose contract test fails until it is filled in."""

import subprocess
import sys
from pathlib import Path

import pytest

from mbls_sync.cli.new import What, begin, new
from mbls_sync.errors import ConfigurationError
from mbls_sync.registry.manager import build_registry

BEGUN = [(What.RULE, "tst-01-made-up"), (What.ADAPTER, "made-up-mis"), (What.RETURN, "made-up-return")]


@pytest.mark.parametrize(("what", "name"), BEGUN)
def test_what_is_begun_loads(tmp_path, monkeypatch, what, name):
    monkeypatch.setattr(sys, "path", [*sys.path])
    folder = begin(what, name, tmp_path)
    registry = build_registry([f"{what}-{name}"], [tmp_path])
    assert [loaded.plugin.name for loaded in registry.loaded] == [f"{what}-{name}"]
    assert folder.parent == tmp_path


@pytest.mark.parametrize(("what", "name"), BEGUN)
def test_its_contract_fails_until_it_is_filled_in(tmp_path, what, name):
    folder = begin(what, name, tmp_path)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert " passed" in ended.stdout


def test_what_is_there_is_left_alone(tmp_path):
    folder = begin(What.RETURN, "exclusions", tmp_path)
    (folder / "pyproject.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="nothing was changed"):
        begin(What.RETURN, "exclusions", tmp_path)
    assert (folder / "pyproject.toml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("what", "name"), [(What.RULE, "text-home"), (What.RULE, "FDC-20"), (What.ADAPTER, "../x"), (What.RETURN, "A b")]
)
def test_a_name_that_will_not_do_is_refused(tmp_path, what, name):
    with pytest.raises(ConfigurationError, match="such as"):
        begin(what, name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_to_put_into_the_settings_is_named_whole(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    new(What.RETURN, "exclusions", Path("own plugins"))
    said = capsys.readouterr().out
    assert f'plugin_folders = ["{tmp_path / "own plugins"}"]' in said
    assert "pytest 'own plugins/return_exclusions'" in said
