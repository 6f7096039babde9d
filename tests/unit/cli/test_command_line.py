"""The command line: light to start, forgiving about -C, plain about what it prints."""

import importlib
import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import typer
from rich.console import Console

from mbls_sync.cli import show as showing
from mbls_sync.cli.asking import moment
from mbls_sync.cli.main import COMMANDS, exit_code, hoisted
from mbls_sync.cli.show import Format, show
from mbls_sync.errors import CalendarGap, ConfigurationError, LedgerBroken, Rejected, StoreError, Unreachable

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 24, 9, 16, tzinfo=UTC)
HEAVY = ("numpy", "sqlalchemy", "pydantic", "alembic", "typst", "structlog", "jinja2", "xlsxwriter")


def test_help_imports_nothing_heavy_and_no_command():
    code = f"""
import sys
sys.argv = ["mbls-sync", "--help"]
from mbls_sync.cli.main import main
try:
    main()
except SystemExit:
    pass
heavy = [name for name in {HEAVY!r} if name in sys.modules]
heavy += [name for name in sys.modules if name.startswith("mbls_sync.cli.") and name != "mbls_sync.cli.main"]
sys.exit(" ".join(heavy) or 0)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert all(name in ended.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_offers_what_it_does_and_nothing_of_the_shell(name):
    """Completion can only be installed for the whole program, so that no command may offer it."""
    module = importlib.import_module(f"mbls_sync.cli.{name}")
    offered = [option for one in typer.main.get_command(module.app).params for option in one.opts]
    assert [option for option in offered if "completion" in option] == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (["figures", "-C", "x", "--by", "class"], ["-C", "x", "figures", "--by", "class"]),
        (["-C", "x", "once"], ["-C", "x", "once"]),
        (["tasks", "done", "1", "--dir=x"], ["--dir=x", "tasks", "done", "1"]),
        (["once", "-Cx"], ["-Cx", "once"]),
        (["tasks", "note", "1", "--", "-C"], ["tasks", "note", "1", "--", "-C"]),
        (["once", "-C"], ["-C", "once"]),
    ],
)
def test_the_folder_comes_first_wherever_it_stood(given, wanted):
    assert hoisted(given) == wanted


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigurationError("x"), 2),
        (CalendarGap("x"), 2),
        (StoreError("x"), 2),
        (LedgerBroken("x"), 2),
        (Unreachable("x"), 3),
        (Rejected("x"), 1),
    ],
)
def test_an_error_has_the_exit_code_that_says_what_to_do(error, code):
    assert exit_code(error) == code


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-24T09:15", datetime(2026, 11, 24, 9, 15, tzinfo=LONDON)),
        ("2026-07-01T09:15", datetime(2026, 7, 1, 9, 15, tzinfo=LONDON)),
        ("2026-07-01T08:15+00:00", datetime(2026, 7, 1, 9, 15, tzinfo=LONDON)),
        ("2026-11-24", datetime(2026, 11, 24, 23, 59, 59, tzinfo=LONDON)),
        (None, NOW),
    ],
)
def test_a_moment_without_a_zone_is_the_schools_and_a_date_is_its_end(text, wanted):
    found = moment(text, LONDON, NOW)
    assert found == wanted
    assert found.tzinfo is LONDON


@pytest.mark.parametrize("text", ["yesterday", "24/11/2026", "2026-13-01", "2026-11-24T25:00", ""])
def test_a_moment_that_is_none_says_how_to_write_one(text):
    with pytest.raises(ConfigurationError, match="write it as"):
        moment(text, LONDON, NOW)


ROWS = [{"upn": "A", "due": date(2026, 11, 24), "percent": None, "late": True, "list": ["a", "b"]}]


def test_json_keeps_types_and_csv_writes_cells(capsys):
    show(ROWS, list(ROWS[0]), Format.JSON)
    printed = json.loads(capsys.readouterr().out)
    assert printed == [{"upn": "A", "due": "2026-11-24", "percent": None, "late": True, "list": ["a", "b"]}]
    show(ROWS, list(ROWS[0]), Format.CSV)
    assert capsys.readouterr().out == 'upn,due,percent,late,list\nA,2026-11-24,,yes,"a, b"\n'


def test_a_table_shows_the_mis_text_as_it_is_and_never_as_markup(monkeypatch):
    out = Console(file=io.StringIO(), width=120)
    monkeypatch.setattr(showing, "console", lambda: out)
    show([{"name": "[red]Testpupil[/red]"}], ("name",), Format.TABLE)
    assert "[red]Testpupil[/red]" in out.file.getvalue()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-17", "2026-11-17T23:59:59+00:00"),
        ("20261117", "2026-11-17T23:59:59+00:00"),
        ("2026-W47-2", "2026-11-17T23:59:59+00:00"),
        ("2026-07-01", "2026-07-01T23:59:59+01:00"),
        ("2026-11-17 09:16", "2026-11-17T09:16:00+00:00"),
        ("2026-11-17T09:16+01:00", "2026-11-17T08:16:00+00:00"),
    ],
)
def test_a_date_however_it_is_written_is_its_end(text, wanted):
    assert moment(text, LONDON, NOW).isoformat() == wanted


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59-12:00", "17/11/2026", ""])
def test_a_moment_beyond_every_register_is_refused(text):
    with pytest.raises(ConfigurationError, match="--at is"):
        moment(text, LONDON, NOW)


def test_what_is_printed_into_a_pipe_is_utf8_whatever_the_locale():
    code = r"""
import sys
sys.argv = ["mbls-sync", "--help"]
from mbls_sync.cli import main
main.app = lambda: print("N \u2192 L")
main.main()
"""
    env = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env=env)
    assert (ended.stdout.decode("utf-8"), ended.stderr) == ("N \u2192 L\n", b"")
