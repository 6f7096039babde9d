"""What a person once let through is not held again when the store is rebuilt."""

from __future__ import annotations

import json
import re
from datetime import date

UPN = "A823999926001"


def test_a_pull_that_was_let_through_is_rebuilt_without_asking_again(empty_school):
    settings = empty_school.folder / "mbls-sync.toml"
    text = settings.read_text(encoding="utf-8").replace(
        'folder = "inbox"\n', 'folder = "inbox"\nsettle_seconds = 0\n', 1
    )
    settings.write_text(text, encoding="utf-8")
    head, days = "UPN,Date,Session,Mark\n", [date(2026, 9, 7 + n) for n in range(4)]
    for codes in ("///O", "/// "):
        rows = [f"{UPN},{day:%d/%m/%Y},AM,{code}\n" for day, code in zip(days, codes, strict=True)]
        (empty_school.inbox / "marks.csv").write_text(head + "".join(rows), encoding="utf-8")
        answer = empty_school.run("pull")
    assert answer.code == 1
    (held,) = re.findall(r"--release (\w+)", answer.err)
    assert empty_school.run("pull", "--release", held).code == 0
    before = empty_school.run("figures", "--format", "json").out
    assert json.loads(before)["rows"][0]["unauthorised"] == 0
    for file in (empty_school.folder / "data").glob("mbls-sync.sqlite3*"):
        file.unlink()
    assert empty_school.run("rebuild").code == 0
    assert empty_school.run("figures", "--format", "json").out == before
