"""The README names every setting."""

from pathlib import Path

from mbls_adapter_wonde.options import Options

README = Path(__file__).parents[1] / "README.md"


def test_every_setting_stands_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in Options.model_fields if f"`{name}`" not in text] == []
