"""The contestants of bench_rest.py, each for a process of its own: `rest_runners.py NAME URL PAGE FOLDER`."""

# ruff: noqa: PLC0415 - each process imports what its own contestant needs, and no more

from __future__ import annotations

import json
import os
import resource
import sqlite3
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

ENOUGH = 152_000
WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def bare(each: bool) -> Callable[[str, int, Path], Callable[[], None]]:
    """requests and sqlite3, a transaction a page or one at the end; nothing is checked, compared or kept of before."""

    def prepare(url: str, size: int, folder: Path) -> Callable[[], None]:
        import requests

        base = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=FULL")
        base.execute("CREATE TABLE mark (upn, day, session, code, PRIMARY KEY (upn, day, session)) WITHOUT ROWID")

        def pull() -> None:
            page, pages = 1, 1
            base.execute("BEGIN IMMEDIATE")
            with requests.Session() as http:
                while page <= pages:
                    body = http.get(f"{url}/marks", params={"page": page, "per_page": size}, timeout=30).json()
                    pages = body["pages"]
                    rows = [(row["student"]["upn"], row["date"], row["session"], row["code"]) for row in body["data"]]
                    base.executemany("INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?)", rows)
                    page += 1
                    if each:
                        base.execute("COMMIT")
                        base.execute("BEGIN IMMEDIATE")
            base.execute("COMMIT")

        return pull

    return prepare


def ours(url: str, size: int, folder: Path) -> Callable[[], None]:
    """The generic adapter through the whole intake: checked, compared, register and chained ledger, cursor."""
    from mbls_adapter_rest.adapter import open_rest
    from mbls_adapter_rest.options import Options

    from mbls_sync import clock
    from mbls_sync.contracts import Given
    from mbls_sync.intake.pull import pull_source
    from mbls_sync.mis_http.connector import Connector
    from mbls_sync.store.database import open_store
    from mbls_sync.testing.builders import the_calendar, the_codebook

    pager = {"type": "page", "param": "page", "size_param": "per_page", "size": size, "pages": "pages"}
    fields = {"upn": "student.upn", "day": "date", "session": "session", "code": "code"}
    marks = {"path": "/marks", "select": "data", "fields": fields}
    options = Options.model_validate({"base_url": url, "pager": pager, "resources": {"marks": marks}})
    store = open_store(f"sqlite:///{folder / 'ours.sqlite3'}", "bench")
    # What a process does once, at its start, is not the pull; the bare loop has imported its libraries by now, too.
    import_module("mbls_sync.mis_http.client")
    codes, calendar = the_codebook(), the_calendar()

    def pull() -> None:
        given = Given(folder, calendar, clock.now, time.sleep, Connector(clock.now, time.sleep))
        report = pull_source(
            store,
            open_rest(options, given),
            codes=codes,
            calendar=calendar,
            now=clock.now(),
            max_shrink=Decimal(5),
        )
        came = report.marks_in if not any(page.known_before for page in report.pages) else ENOUGH
        if came != ENOUGH or report.quarantined:
            raise SystemExit(f"{came} marks came, {len(report.quarantined)} rows are bad")

    return pull


def dlt_into(destination: str, form: str | None) -> Callable[[str, int, Path], Callable[[], None]]:
    """dlt's rest_api source, each pull in place of the one before, which is its cheapest way."""

    def prepare(url: str, size: int, folder: Path) -> Callable[[], None]:
        os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
        os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
        import dlt
        from dlt.sources.rest_api import rest_api_source

        paginator = {"type": "page_number", "base_page": 1, "page_param": "page", "total_path": "pages"}
        place: Any = (
            dlt.destinations.duckdb(str(folder / "dlt.duckdb"))
            if destination == "duckdb"
            else dlt.destinations.sqlalchemy(f"sqlite:///{folder / 'dlt.sqlite3'}")
        )
        pipeline = dlt.pipeline("bench", pipelines_dir=str(folder), destination=place, dataset_name="school")

        def pull() -> None:
            endpoint = {
                "path": "marks",
                "params": {"per_page": size},
                "paginator": paginator,
                "data_selector": "data",
            }
            resource_: Any = {"name": "marks", "endpoint": endpoint, "write_disposition": "replace"}
            source = rest_api_source({"client": {"base_url": url}, "resources": [resource_]})
            pipeline.run(source, loader_file_format=form)  # type: ignore[arg-type]

        return pull

    return prepare


CONTESTANTS: dict[str, Callable[[str, int, Path], Callable[[], None]]] = {
    "bare, insert a page": bare(each=True),
    "bare, insert at the end": bare(each=False),
    "ours": ours,
    "dlt duckdb": dlt_into("duckdb", None),
    "dlt duckdb parquet": dlt_into("duckdb", "parquet"),
    "dlt sqlite": dlt_into("sqlite", None),
}


def _cpu() -> float:
    """Seconds that this process and its children kept a processor busy: what a loaded machine does not blur."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHOSE))


def main() -> None:
    """Two pulls; prints seconds and the peak in MB."""
    name, url, size, folder = sys.argv[1:5]
    pull = CONTESTANTS[name](url, int(size), Path(folder))
    took, busy = [], []
    for _ in range(2):
        start, before = time.perf_counter(), _cpu()
        pull()
        took.append(time.perf_counter() - start)
        busy.append(_cpu() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"first": took[0], "again": took[1], "cpu": busy[0], "peak": peak}))


if __name__ == "__main__":
    main()
