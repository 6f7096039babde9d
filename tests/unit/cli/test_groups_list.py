"""A group that is asked for nothing else lists."""

import pytest
import typer
from typer.testing import CliRunner

from mbls_sync.cli.groups import ListByDefault

app = typer.Typer(cls=ListByDefault)


@app.command("list")
def listed(at: str = "now") -> None:
    print(f"listed {at}")


@app.command()
def done(id: str) -> None:
    print(f"done {id}")


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "listed now"), (["--at", "noon"], "listed noon"), (["list"], "listed now"), (["done", "7"], "done 7")],
)
def test_the_list_is_what_is_meant_where_nothing_else_is_said(words, said):
    assert CliRunner().invoke(app, words).stdout.strip() == said


def test_a_misspelt_command_is_not_taken_for_the_list():
    assert CliRunner().invoke(app, ["dnoe"]).exit_code == 2
