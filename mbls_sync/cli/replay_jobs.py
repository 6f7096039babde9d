"""Replays a span of days on every core: each worker opens the school's folder for itself and takes its own days."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

from mbls_sync.cli.wiring import open_office
from mbls_sync.engine.replayed import Look
from mbls_sync.pipeline.parts import JUDGE
from mbls_sync.pipeline.replay import changed_policy, replay

WORTH_A_WORKER = 24
"""Fewer moments than this are judged sooner than a further process starts."""


@dataclass(frozen=True, slots=True)
class Job:
    """Some moments of one replay; `policy` is the folder of a changed policy, None for the school's own."""

    folder: Path
    without: tuple[str, ...]
    policy: Path | None
    carried_out: bool
    moments: tuple[datetime, ...]


def jobs(whole: Job, cores: int) -> tuple[Job, ...]:
    """The replay cut into spans that can be judged side by side.

    Where steps are taken to be carried out, each day rests on the days before, and the replay stays whole.
    """
    count = len(whole.moments)
    parts = 1 if whole.carried_out else min(cores, max(count // WORTH_A_WORKER, 1))
    cuts = [count * part // parts for part in range(parts + 1)]
    return tuple(replace(whole, moments=whole.moments[a:b]) for a, b in pairwise(cuts) if a < b)


def done(job: Job) -> tuple[Look, ...]:
    """The looks of one job."""
    office = open_office(job.folder, without=job.without)
    with office.store() as store:
        given = office.inputs(store, frozenset({JUDGE}))
        if job.policy is not None:
            given = replace(given, parameters=changed_policy(given.parameters, job.policy))
        with store.read() as tx:
            return tuple(replay(tx, given, job.moments, carried_out=job.carried_out))


def all_done(wanted: Sequence[Job]) -> list[tuple[Look, ...]]:
    """The looks of each replay, in the order given."""
    cores = os.cpu_count() or 1
    cut = [jobs(whole, cores) for whole in wanted]
    flat = [job for parts in cut for job in parts]
    found = iter(_each(flat, min(cores, len(flat))))
    return [tuple(look for _ in parts for look in next(found)) for parts in cut]


def _each(flat: Sequence[Job], workers: int) -> Iterable[tuple[Look, ...]]:
    if workers < 2:
        return map(done, flat)
    # Spawned, not forked: a fork would share the database's files and locks with its parent.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        return list(pool.map(done, flat))
