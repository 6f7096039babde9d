"""An MIS that nobody has heard of, connected from its one-page description with the README alone at hand."""

import base64
import json
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import parse_qs

import pytest

from mbls_sync.errors import Busy, Rejected
from mbls_sync.model.deliveries import Accepted, MarkKey, MarkWrite, Refused, Unknown
from mbls_sync.model.marks import Mark
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import ZONE, the_calendar
from mbls_sync.testing.fake_http import SECRET, Asked, FakeHttpMis, Said, some_pupils

DAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 15, tzinfo=ZONE)

DESCRIPTION = """
Beacon OpenAPI 3, in one page.
Base https://SCHOOL.beacon.example/openapi/v3. Token: POST https://SCHOOL.beacon.example/id/token, client credentials in
the Basic header, scope "registers". Send X-Beacon-School too.
GET /learners?limit=&after= and GET /registers?from=16-11-2026&to=17-11-2026&limit=&after= (31 days at most) answer
{"items": [...], "page": {"after": "token or null", "of": 123}}.
A learner: ref, upn, names.family, names.given, reg.code, ncy ("Y2").
A register entry: learner.ref, on ("16-11-2026"), sitting ("morning", "afternoon"), entry.code (".." is none),
entry.late. A fault is HTTP 200 and {"fault": {"code", "text"}}; code AUTH is a bad token, code WAIT that we are busy.
POST /registers/entries {"by": "sync", "entries": [{"learner", "on", "sitting", "code"}]}, 20 at most, answers 202
{"job": "J1"}; GET /jobs/J1 says {"state": "queued | done | failed", "text"}.
GET /me/rights/registers is 403 without the right to write.
"""

CONFIGURATION = """
base_url = "URL/openapi/v3"
headers = { X-Beacon-School = "99" }
pager = { type = "cursor", path = "page.after", param = "after", size_param = "limit", size = 25 }

[auth]
type = "oauth"
token_url = "URL/id/token"
client_id = "our-client"
client_secret = { file = "secrets/beacon" }
client_in = "header"
scope = "registers"

[[rules]]
path = "fault.code"
equals = "AUTH"
then = "auth"

[[rules]]
path = "fault.code"
equals = "WAIT"
then = "retry"

[[rules]]
path = "fault"
then = "fail"
message = "Beacon refused what was asked"

[resources.pupils]
path = "/learners"
select = "items"
total = "page.of"

[resources.pupils.fields]
mis_id = "ref"
upn = "upn"
surname = "names.family"
forename = "names.given"
class_name = "reg.code"
year_group = { path = "ncy", steps = [{ regex = "(\\\\d+)" }] }

[resources.marks]
path = "/registers"
select = "items"
total = "page.of"
no_mark = [".."]
incremental = { start_param = "from", end_param = "to", format = "%d-%m-%Y", first = 2026-09-01, max_span_days = 31 }

[resources.marks.fields]
mis_id = "learner.ref"
day = { path = "on", steps = [{ date = "%d-%m-%Y" }] }
session = "sitting"
code = "entry.code"
minutes_late = "entry.late"

[read_back]
params = { from = "{start}", to = "{end}" }

[write]
path = "/registers/entries"
wrap = "entries"
body = { by = "sync" }
row = { learner = "{pupil}", on = "{day}", sitting = "{session}", code = "{code}", late = "{minutes}" }
day_format = "%d-%m-%Y"
session = { AM = "morning", PM = "afternoon" }
batch_size = 20
permission = "/me/rights/registers"
[write.ack]
type = "async"
reference = "job"
poll_path = "/jobs/{reference}"
status = "state"
done = ["done"]
failed = ["failed"]
reason = "text"
"""


@dataclass
class FakeBeacon(FakeHttpMis):
    """As the page describes it. `jobs` are done at the second look."""

    jobs: dict[str, list[str]] = field(default_factory=dict)
    fault: str = ""

    def answer(self, asked: Asked) -> Said:
        if asked.path == "/id/token":
            form = {name: value[0] for name, value in parse_qs(asked.body.decode()).items()}
            known = f"Basic {base64.b64encode(f'our-client:{SECRET}'.encode()).decode()}"
            assert form == {"grant_type": "client_credentials", "scope": "registers"}
            good = asked.headers.get("authorization") == known
            return Said({"access_token": "beacon-token", "expires_in": 600} if good else {}, 200 if good else 401)
        if (asked.headers.get("authorization"), asked.headers.get("x-beacon-school")) != ("Bearer beacon-token", "99"):
            return Said({"fault": {"code": "AUTH", "text": "no"}})
        if self.fault:
            return Said({"fault": {"code": self.fault, "text": "made up"}})
        path = asked.path.removeprefix("/openapi/v3")
        if path == "/learners":
            return self._page(asked, [self._learner(pupil) for pupil in self.pupils])
        if path == "/registers":
            return self._registers(asked)
        if path == "/registers/entries":
            return self._write(asked)
        if path.startswith("/jobs/"):
            states = self.jobs[path.removeprefix("/jobs/")]
            return Said({"state": states.pop(0) if len(states) > 1 else states[0], "text": "code may not be used"})
        return Said({"write": True}) if path == "/me/rights/registers" else Said({"fault": {"code": "PATH"}})

    def _learner(self, pupil):
        names = {"family": pupil.surname, "given": pupil.forename}
        return {"ref": pupil.id, "upn": pupil.upn, "names": names, "reg": {"code": pupil.group}, "ncy": "Y2"}

    def _registers(self, asked: Asked) -> Said:
        first, last = (datetime.strptime(asked.query[name], "%d-%m-%Y").date() for name in ("from", "to"))  # noqa: DTZ007
        if (last - first).days >= 31:
            return Said({"fault": {"code": "SPAN", "text": "31 days at most"}})
        rows = [
            {
                "learner": {"ref": who},
                "on": f"{s.day:%d-%m-%Y}",
                "sitting": "morning" if s.period is Period.AM else "afternoon",
                "entry": {"code": code or "..", "late": None},
            }
            for who, s, code in self.rows_of_marks(first.isoformat(), last.isoformat())
        ]
        return self._page(asked, rows)

    def _page(self, asked: Asked, rows) -> Said:
        at, size = int(asked.query.get("after") or 0), int(asked.query["limit"])
        after = str(at + size) if at + size < len(rows) else None
        return Said({"items": rows[at : at + size], "page": {"after": after, "of": len(rows)}})

    def _write(self, asked: Asked) -> Said:
        said = asked.json
        assert said["by"] == "sync"
        why = ""
        for row in said["entries"]:
            assert set(row) == {"learner", "on", "sitting", "code"}, "what is not known is left out"
            day = datetime.strptime(row["on"], "%d-%m-%Y").date()  # noqa: DTZ007
            period = Period.AM if row["sitting"] == "morning" else Period.PM
            why = why or self.take(row["learner"], Session(day, period), row["code"])
        job = f"J{len(self.jobs) + 1}"
        self.jobs[job] = ["queued", "failed" if why else "done"]
        return Said({"job": job}, 202)


@pytest.fixture
def mis():
    fake = FakeBeacon(some_pupils(3))
    fake.fill(the_calendar(), 60, last=DAY)
    return fake


@pytest.fixture
def adapter(mis, serve, opened, tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "beacon").write_text(SECRET)
    return opened(tomllib.loads(CONFIGURATION.replace("URL", serve(mis))), now=NOW)


def a_write(pupil, code="I", period=Period.AM):
    return MarkWrite(f"k{pupil.id}", Mark(pupil.pupil, Session(DAY, period), code), "/", "made up")


def test_every_mark_of_the_description_is_read(mis, adapter):
    pages = list(adapter.pull({}))
    marks = {(row.pupil, row.day, row.period): row.code for page in pages for row in page.marks}
    upns = {pupil.id: pupil.upn for pupil in mis.pupils}
    kept = {(upns[who], s.day, s.period): code for (who, s), code in mis.marks.items() if s.day >= date(2026, 9, 1)}
    assert marks == kept
    assert [page.warnings for page in pages] == [()] * len(pages)


def test_each_step_of_the_connection_is_well(mis, adapter):
    reports = [probe.report for probe in adapter.probe()]
    assert [report.name for report in reports] == ["pupils", "marks", "writing"]
    assert all(report.ok and not report.mend for report in reports)
    assert mis.writes == []


def test_marks_are_written_together_and_their_outcome_comes_later(mis, adapter):
    first, second, third = mis.pupils
    results = adapter.push([a_write(first), a_write(second)])
    assert results == [Accepted("J1"), Accepted("J1")]
    refused = adapter.push([a_write(third, "X")])
    assert adapter.outcomes(["J1", "J2"]) == {}
    assert adapter.outcomes(["J1", "J2"]) == {"J1": Accepted("J1"), "J2": Refused("code may not be used")}
    assert refused == [Accepted("J2")]
    key = MarkKey(first.pupil, Session(DAY, Period.AM))
    assert adapter.read([key])[key].code == "I"
    assert len(mis.writes) == 2


def test_a_pupil_whom_the_mis_does_not_list_is_refused_and_nothing_is_sent(mis, adapter):
    stranger = some_pupils(9)[8]
    (result,) = adapter.push([a_write(stranger)])
    assert isinstance(result, Refused)
    assert mis.writes == []


def test_a_lost_answer_leaves_every_mark_of_the_call_unknown(mis, adapter):
    mis.trouble = "server error"
    results = adapter.push([a_write(pupil) for pupil in mis.pupils[:2]])
    assert [type(result) for result in results] == [Unknown, Unknown]
    assert len(mis.writes) == 2


def test_a_fault_within_a_200_is_what_it_says(mis, adapter):
    list(adapter.pull({}))
    mis.fault = "SPAN"
    with pytest.raises(Rejected, match="Beacon refused"):
        list(adapter.pull({}))
    mis.fault = "WAIT"
    asked = len(mis.asked)
    with pytest.raises(Exception, match="out of order") as error:
        list(adapter.pull({}))
    assert not isinstance(error.value, Busy)
    assert len(mis.asked) - asked == 2, "it is asked again as often as the settings say"
    (result,) = adapter.push([a_write(mis.pupils[0])])
    assert isinstance(result, Unknown)


def test_the_description_is_all_that_was_at_hand():
    names = {"X-Beacon-School", "fault", "learner", "sitting", "entries", "job", "state"}
    assert all(name in DESCRIPTION and name in CONFIGURATION for name in names)
    assert json.dumps(tomllib.loads(CONFIGURATION), default=str)
