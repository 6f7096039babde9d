"""A source is opened as its adapter offers it, and with nothing beyond."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import BaseModel

from mbls_sync.cli.wiring import Office
from mbls_sync.contracts import AdapterOffer, Capability
from mbls_sync.errors import ConfigurationError
from mbls_sync.settings.load import load_settings
from mbls_sync.testing.fake_mis import FakeMis

SETTINGS = """\
[school]
id = "example"
name = "Example Lower School"
la_code = "823"
la_name = "Central Bedfordshire"
establishment_number = "9999"

[sources.mis]
adapter = "fake"
"""


class NoOptions(BaseModel, extra="forbid"):
    """None is needed."""


def opened(folder: Path, can: frozenset[Capability]) -> object:
    (folder / "mbls-sync.toml").write_text(SETTINGS)
    office = Office(load_settings(folder, env={}))
    offer = AdapterOffer("fake", NoOptions, lambda _, given: FakeMis(given.folder / "mis"), can)
    # A frozen dataclass keeps what it has looked up among its own values.
    vars(office)["registry"] = SimpleNamespace(adapters={"fake": offer})
    return office.adapter("mis", office.settings.sources["mis"])


def test_an_adapter_that_writes_without_offering_it_is_refused_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"toml:9: .*does not name \(read-back, write\)"):
        opened(tmp_path, frozenset())


def test_an_adapter_that_offers_what_it_can_is_opened(tmp_path: Path) -> None:
    assert isinstance(opened(tmp_path, frozenset(Capability)), FakeMis)
