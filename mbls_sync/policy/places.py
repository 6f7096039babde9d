"""Where the configuration lies that is shipped with the program."""

from __future__ import annotations

from pathlib import Path

import mbls_sync


def shipped_config() -> Path:
    """The `config/` folder of the source tree, or `mbls_sync/shipped_config` in an installed wheel."""
    package = Path(mbls_sync.__file__).resolve().parent
    in_wheel = package / "shipped_config"
    return in_wheel if in_wheel.is_dir() else package.parent / "config"


def codes_file(config: Path) -> Path:
    """The national codes."""
    return config / "codes.yaml"


def calendar_folder(config: Path) -> Path:
    """The school's calendars, one file an academic year."""
    return config / "calendar"


def parameter_folder(config: Path) -> Path:
    """The dated parameters of the policy."""
    return config / "policy" / "parameters"


def reminders_file(config: Path) -> Path:
    """The table of duties that only a person can do."""
    return config / "policy" / "reminders.yaml"


def events_file(config: Path) -> Path:
    """The kinds of events."""
    return config / "events.yaml"


def profile_folder(config: Path) -> Path:
    """The LAs' profiles: how each takes its returns."""
    return config / "la"


def law_file(config: Path) -> Path:
    """What of the written policy is held against national law."""
    return config / "policy" / "law.yaml"


def coverage_file(config: Path) -> Path:
    """The list of every duty of the policy and who sees to it."""
    return config / "policy" / "coverage.yaml"


def benchmarks_file(config: Path) -> Path:
    """The published figures that the school is compared with."""
    return config / "benchmarks.yaml"
