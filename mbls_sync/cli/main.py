"""The command `mbls-sync`: one file a command, imported only when it is called."""

from __future__ import annotations

import importlib
import io
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from mbls_sync.errors import ConfigurationError, MblsError, StoreError, Unreachable, in_words

DONE, NEEDS_A_PERSON, CONFIGURATION, UNREACHABLE, UNEXPECTED = 0, 1, 2, 3, 70

COMMANDS = {
    "init": "Set up a folder for a school: settings, calendar, policy and drop folder.",
    "demo": "Show a whole school day with made-up pupils, offline.",
    "connect": "Look at a source step by step: name, certificate, credentials, lists, codes, right to write.",
    "check": "Look at settings, policy, calendar, plugins, sources and store; say what to mend.",
    "pull": "Fetch marks and everything else that has changed.",
    "plan": "Pull, and show what should happen now; do none of it.",
    "apply": "Carry out what is planned and, in mode confirm, approved.",
    "once": "One whole pass: pull, judge, deliver.",
    "run": "Make passes on the school's timetable until stopped.",
    "rebuild": "Read every finished file again into an empty store.",
    "figures": "Print attendance by pupil, class, year, group, school or weekday.",
    "tasks": "List the attendance officer's tasks; mark one done, noted or put off.",
    "events": "Record, list or export the steps of cases.",
    "returns": "List the returns for the LA; write, lint, correct one; say what the LA said.",
    "pack": "Write the analysis of a half-term or term, or the governors' report.",
    "letters": "Write every letter filled with a made-up pupil, to look at before it is used.",
    "packet": "Write the referral packet of a pupil, or of all that are due.",
    "extract": "Print the register of a pupil or a class for an authority; logged as given out.",
    "replay": "Say what the policy, or a changed one, would have asked for over past days.",
    "send": "List what goes to the LA; approve, retry or record a file.",
    "explain": "Say why a task, mark or pupil stands as it does.",
    "outbox": "List effects; approve, retry or discard one.",
    "audit": "Prove the ledger, or export it.",
    "disclosures": "List what left the school; export all that is held about a pupil.",
    "backup": "Save the school's folder in one file, while the daemon runs.",
    "restore": "Make a school's folder from a backup, and prove its ledger.",
    "purge": "Drop what is over its term; state it in the audit.",
    "plugins": "Show which plugins were found and which are in use.",
    "config": "Show every setting and where it came from.",
    "healthcheck": "Say whether the data is fresh; for the container.",
    "new": "Write the skeleton of a rule, an adapter or a return.",
}
"""Every command and its line of help, so that `--help` imports none of them."""


class Commands(TyperGroup):
    """Imports a command when it is called, and takes `-C DIR` wherever it stands."""

    def __init__(self, **given: Any) -> None:
        """Hold a stand-in for each command, which knows its line of help and nothing else."""
        given["commands"] = {name: TyperCommand(name, help=says) for name, says in COMMANDS.items()}
        super().__init__(**given)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command itself, imported now."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        if name is None or stand_in is None:
            return name, stand_in, rest
        module = importlib.import_module(f"mbls_sync.cli.{name}")
        return name, typer.main.get_command(module.app), rest

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Bring `-C DIR` to the front, since people write it at either end."""
        return super().parse_args(ctx, hoisted(args))


def hoisted(args: list[str]) -> list[str]:
    """The arguments with `-C DIR` first; what follows `--` is left alone."""
    end = args.index("--") if "--" in args else len(args)
    front: list[str] = []
    rest: list[str] = []
    words = iter(args[:end])
    for word in words:
        if word in ("-C", "--dir"):
            front += [word, *[following for following in [next(words, None)] if following is not None]]
        elif word.startswith("--dir=") or (word.startswith("-C") and len(word) > 2):
            front.append(word)
        else:
            rest.append(word)
    return [*front, *rest, *args[end:]]


app = typer.Typer(
    cls=Commands,
    help="Reads a school's attendance registers, judges them by the school's policy, and gives back what it calls for.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(asked: bool) -> None:
    if asked:
        metadata = importlib.import_module("importlib.metadata")
        print("mbls-sync", metadata.version("mbls-sync"))
        raise typer.Exit


VERSION = typer.Option("--version", callback=_say_version, is_eager=True, help="Which version this is.")


@app.callback()
def _root(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Option("-C", "--dir", help="The school's folder.", metavar="DIR")] = Path(),
    _version: Annotated[bool, VERSION] = False,
) -> None:
    ctx.obj = folder


def main() -> None:
    """Run one command. Ends with the exit code that README.md promises; shows no traceback for a user's mistake."""
    _speak_utf8()
    try:
        app()
    except MblsError as error:
        print(f"mbls-sync: {error}", file=sys.stderr)
        raise SystemExit(exit_code(error)) from None
    except BrokenPipeError:
        # The reader of a pipe has gone; Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(DONE) from None
    except OSError as error:
        print(f"mbls-sync: {in_words(error)}", file=sys.stderr)
        raise SystemExit(CONFIGURATION) from None
    except Exception as error:
        print(f"mbls-sync: {unexpected(error)}", file=sys.stderr)
        raise SystemExit(UNEXPECTED) from None


def _speak_utf8() -> None:
    """Whatever the locale: UTF-8 into files and pipes, and to a screen that lacks a letter a `?` in its place."""
    out = sys.stdout
    if not isinstance(out, io.TextIOWrapper) or out.encoding.lower().replace("-", "") == "utf8":
        return
    if out.isatty():
        out.reconfigure(errors="replace")
    else:
        out.reconfigure(encoding="utf-8")


def exit_code(error: MblsError) -> int:
    """What an error means for whoever called: 2 mend the set-up, 3 try again later, 1 a person must look."""
    if isinstance(error, Unreachable):
        return UNREACHABLE
    return CONFIGURATION if isinstance(error, (ConfigurationError, StoreError)) else NEEDS_A_PERSON


def unexpected(error: Exception) -> str:
    """A failure nobody foresaw, without what it was about: that may be a pupil's row."""
    error_text = importlib.import_module("mbls_sync.logs").error_text
    return f"unexpected failure: {error_text(error)}; nothing half-done is kept. Please report this line."


if __name__ == "__main__":
    main()
