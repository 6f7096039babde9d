"""A made-up pupil with whom every letter can be tried before it is about a real one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from mbls_sync.delivery.files import safe_name
from mbls_sync.model.papers import School
from mbls_sync.policy.places import shipped_config
from mbls_sync.policy.yaml_text import read_yaml

SAMPLES = "samples.yaml"

_PUPIL: Mapping[str, Any] = {
    "forename": "Amber",
    "surname": "Testpupil",
    "class_name": "Otters",
    "year_group": "2",
    "parents": "Jo Testparent and Sam Testparent",
    "sessions_missed": 13,
    "days_missed": "6½ days",
    "days_authorised": "5½ days",
    "days_unauthorised": "1 day",
    "attendance_percent": "91.5%",
    "sessions_possible": 153,
    "times_late": 4,
    "days_away": (
        {"when": "Monday 14 September to Thursday 17 September 2026 (4 school days)", "reason": "illness"},
        {"when": "Tuesday 6 October 2026, morning", "reason": "medical or dental appointment"},
        {"when": "Monday 9 November to Tuesday 10 November 2026 (2 school days)", "reason": "no reason given yet"},
    ),
    "days_late": (
        {"when": "Thursday 5 November 2026, morning", "reason": "after the start"},
        {"when": "Friday 20 November 2026, morning", "reason": "after the register had closed"},
    ),
    "path_back": "If Amber is here every day from now on, attendance can be 96.6% by the end of the school year. "
    "To end at 96%, at most 1 day more can be missed.",
}


def sample_values(school: School, now: datetime) -> dict[str, Any]:
    """Every value that a letter about a pupil knows, made up; those of the school are its own."""
    own = {
        "school": school.name,
        "telephone": school.telephone,
        "email": school.email,
        "head": school.head,
        "attendance_officer": school.attendance_officer or "The attendance officer",
        "today": now.date(),
        "due": now.date(),
    }
    return {**own, **_PUPIL, "forenames": "Amber and Kit"}


def filled(template: str, folder: Path, school: School, now: datetime) -> dict[str, Any]:
    """The sample with the facts of one template; a praise message is for two children.

    Raises ParameterError where the file of samples cannot be read.
    """
    values = sample_values(school, now) | facts_of(template, folder)
    return values | {"children": (values, {**values, "forename": "Kit"})}


def facts_of(template: str, folder: Path) -> dict[str, str]:
    """The facts that the rule of a template adds, by the names the template knows them by.

    What the folder's own file of samples does not say stands in the shipped one; none where neither says it.
    """
    for file in (folder / SAMPLES, shipped_config() / "letters" / SAMPLES):
        said = read_yaml(file).table("the samples") if file.is_file() else {}
        if template in said:
            facts = said[template].table(template).items()
            return {safe_name(label).replace("-", "_"): item.text(label) for label, item in facts}
    return {}
