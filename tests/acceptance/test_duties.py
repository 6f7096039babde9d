"""A governor puts a finger on a sentence of the policy and is shown who sees to it, and what proves it."""

import csv
import io
import json


def test_every_duty_names_who_sees_to_it_and_what_proves_it(empty_school):
    answer = empty_school.run("plugins", "--duties", "--format", "json")
    rows = {row["duty"]: row for row in json.loads(answer.out)}
    assert answer.code == 0
    assert len(rows) > 160
    assert rows["FDC-03"]["proof"] == "fdc-03-call-home.yaml: N at a quarter past nine, and no message"
    assert rows["CLS-09"] == {
        "duty": "CLS-09",
        "title": "day trip or holiday that was not agreed: G",
        "section": "Definitions",
        "by": "rule",
        "where": "REG-09",
        "proof": "reg-09-known-reason.yaml: a day trip that nobody agreed",
    }
    assert rows["GOV-07"]["by"] == "reminder"
    assert all(row["proof"] for row in rows.values() if row["by"] in ("rule", "reminder", "core"))


def test_as_csv_it_opens_in_a_spreadsheet(empty_school):
    rows = list(csv.DictReader(io.StringIO(empty_school.run("plugins", "--duties", "--format", "csv").out)))
    assert {row["by"] for row in rows} >= {"rule", "reminder", "core"}
