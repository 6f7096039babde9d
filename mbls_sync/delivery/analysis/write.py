"""Writes packs: a PDF to read, a workbook to go on with, and a manifest of the dated values they rest on.

A pass writes a pack once its half-term or term is over, also some weeks late, and leaves it alone from then on; on
request it is written again. The same marks, policy and published figures give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from mbls_sync.delivery.analysis.material import Material, Reader
from mbls_sync.delivery.analysis.pack import pack_of
from mbls_sync.delivery.analysis.spans import Length, Span, latest_over
from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.falling_due import Job
from mbls_sync.delivery.files import put, safe_name, sha256
from mbls_sync.delivery.manifest import readings_of
from mbls_sync.errors import MblsError
from mbls_sync.policy.benchmarks import Benchmark
from mbls_sync.render.pack_pdf import pack_pdf
from mbls_sync.render.pack_xlsx import pack_workbook

FOLDER = "packs"
"""Where packs lie below the out folder."""

WRITTEN = ((Length.HALF_TERM, Reader.STAFF), (Length.TERM, Reader.STAFF), (Length.TERM, Reader.GOVERNORS))
"""What falls due by itself: the staff's each half-term and term, the governors' each term."""


def packs_due(desk: Desk, benchmarks: tuple[Benchmark, ...], out: Path) -> list[Job]:
    """The packs whose half-term or term is over and that do not lie whole below `out`.

    Where that cannot be said, one job that says why: it is a problem of the analysis, and no other paper's.
    """
    try:
        over = tuple(_over(desk))
    except MblsError as error:
        return [partial(_refuse, error)]
    return [
        partial(write_pack, desk, span, reader, benchmarks, out / FOLDER)
        for span, reader in over
        if not (out / FOLDER / f"{_stem(span, reader)}.manifest.json").is_file()
    ]


def _refuse(error: MblsError) -> list[Path]:
    raise error


def write_pack(desk: Desk, span: Span, reader: Reader, benchmarks: tuple[Benchmark, ...], folder: Path) -> list[Path]:
    """One pack as PDF, XLSX and manifest in `folder`; the manifest is written last."""
    material = Material(desk, span, reader, desk.policy(min(span.last, desk.now.date())), benchmarks)
    pack = pack_of(material)
    stem = _stem(span, reader)
    files = {f"{stem}.pdf": pack_pdf(pack, desk.school.name), f"{stem}.xlsx": pack_workbook(pack, desk.school.name)}
    stated = {
        "pack": pack.name,
        "title": pack.title,
        "from": span.first.isoformat(),
        "to": span.last.isoformat(),
        "marks_until": material.until.isoformat(),
        "pupils": len(material.members),
        "parameters": readings_of((), material.policy.readings),
        "files": [{"name": name, "bytes": len(data), "sha256": sha256(data)} for name, data in sorted(files.items())],
    }
    manifest = (json.dumps(stated, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
    return [put(folder, name, data) for name, data in {**files, f"{stem}.manifest.json": manifest}.items()]


def _over(desk: Desk) -> Iterator[tuple[Span, Reader]]:
    """The latest spans that are over: not of a year without marks, nor what ended long ago."""
    policy, held = desk.policy(), {pages.year for pages in desk.registers.values() if pages.pages}
    day_ends = policy.time_of_day("office.day_ends")
    since = desk.now.date() - timedelta(days=policy.days("analysis.made_up_days"))
    for length, reader in WRITTEN:
        span = latest_over(desk.calendar, length, desk.now, day_ends)
        if span is not None and span.last >= since and span.year in held:
            yield span, reader


def _stem(span: Span, reader: Reader) -> str:
    return safe_name(f"{reader} {span.length} {span.name}")
