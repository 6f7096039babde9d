"""What every adapter promises holds for each shipped example, against the fake of its MIS."""

import tomllib
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, ClassVar

import pytest
from mbls_adapter_rest.adapter import offer_adapter

from mbls_sync.contracts import Adapter, Capability, Given
from mbls_sync.mis_http.connector import Connector
from mbls_sync.model.deliveries import MarkWrite
from mbls_sync.model.marks import Mark
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.adapter_contract import AdapterContract
from mbls_sync.testing.builders import the_calendar
from mbls_sync.testing.fake_arbor import FakeArbor
from mbls_sync.testing.fake_bromcom import FakeBromcom
from mbls_sync.testing.fake_http import SECRET, FakeHttpMis, serving, some_pupils
from mbls_sync.testing.fake_larkfield import FakeLarkfield
from mbls_sync.testing.fake_rest import FakeRest
from mbls_sync.testing.fake_scholarpack import FakeScholarPack

EXAMPLES = Path(__file__).parents[1] / "examples"
PATIENT = {"read_timeout": 60, "deadline": 120, "attempts": 1, "first_wait": 0.001}
HASTY = {**PATIENT, "read_timeout": 2}
READS = replace(offer_adapter(), can=frozenset())
WRITES = replace(offer_adapter(), can=frozenset({Capability.READ_BACK, Capability.WRITE}))


def example(name: str) -> dict[str, Any]:
    """The options of a shipped example."""
    text = (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8")
    (source,) = tomllib.loads(text)["sources"].values()
    return dict(source["options"])


def pointed_at(options: dict[str, Any], url: str, http: dict[str, Any] = PATIENT) -> dict[str, Any]:
    """The same for a fake on this machine: the example's own address, wherever it stands, becomes the fake's."""
    base = options["base_url"]
    scheme, _, rest = base.partition("://")
    origin = f"{scheme}://{rest.partition('/')[0]}"

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: moved(item) for key, item in value.items()}
        return value.replace(origin, url) if isinstance(value, str) else value

    return {**moved(options), "http": http, "rows_at_once": 25}


class OfExample(AdapterContract):
    """The contract over a shipped example."""

    private = ("Testpupil", SECRET)
    fake: ClassVar[type[FakeHttpMis]]
    days: ClassVar[int] = 12
    last: ClassVar[date] = date(2026, 11, 17)

    @pytest.fixture(autouse=True)
    def _served(self, tmp_path: Path):
        self.mis: FakeHttpMis | None = None
        self.contexts: list[Any] = []
        self.http = PATIENT
        yield
        for context in self.contexts:
            context.__exit__(None, None, None)

    def prepare(self, folder: Path) -> None:
        mis = self.fake(some_pupils(4), page_rows=20)
        mis.fill(the_calendar(), self.days, last=self.last)
        context = serving(mis)
        url = context.__enter__()
        self.contexts.append(context)
        self.mis = mis
        for secret in ("mis-key", "arbor-password", "bromcom-secret", "scholarpack-client", "larkfield"):
            self._write(folder / "secrets" / secret, SECRET)
        self._write(folder / "secrets" / "scholarpack-refresh", "first-refresh-token")
        self._write(folder / "url", url)

    def open(self, folder: Path) -> Adapter:
        options = pointed_at(self.options, (folder / "url").read_text(), self.http)
        given = Given(folder, the_calendar(), self.now, self.sleep, Connector(self.now, self.sleep))
        return self.offer.open(self.offer.options.model_validate(options), given)

    def test_an_unknown_option_within_a_list_is_refused(self) -> None:
        """A misspelt setting stops the start, however deep it stands."""
        marks = {**self.options["resources"]["marks"], "no_such_option": 1}
        resources = {**self.options["resources"], "marks": marks}
        with pytest.raises(ValueError, match="no_such_option"):
            self.offer.options.model_validate({**self.options, "resources": resources})

    def now(self):
        return datetime.combine(self.last, time(15), tzinfo=the_calendar().zone)

    def sleep(self, seconds: float) -> None:
        """Nobody waits in a test."""

    @staticmethod
    def _write(file: Path, text: str) -> None:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")


class Writes(OfExample):
    """The contract over an example that writes too."""

    def writes(self):
        pupils = some_pupils(2)
        return [self._write_of(pupil, "I") for pupil in pupils]

    def refused_write(self):
        return self._write_of(some_pupils(3)[2], "X")

    def troubled(self, folder, trouble):
        assert self.mis is not None
        self.mis.trouble = trouble
        self.http = HASTY if trouble == "timeout" else PATIENT
        return self.open(folder)

    def _write_of(self, pupil, code):
        mark = Mark(pupil.pupil, Session(self.last, Period.AM), code)
        return MarkWrite(f"key-{pupil.id}", mark, "/", "a made-up reason")


class TestPlainRest(Writes):
    offer = WRITES
    options, fake = example("plain-rest"), FakeRest


class TestXmlByClass(Writes):
    offer = WRITES
    options, fake = example("xml-by-class"), FakeLarkfield


class TestArbor(Writes):
    offer = WRITES
    options, fake, days = example("arbor"), FakeArbor, 6


class TestBromcom(OfExample):
    offer = READS
    options, fake = example("bromcom"), FakeBromcom


class TestScholarPack(OfExample):
    offer = READS
    options, fake = example("scholarpack"), FakeScholarPack
