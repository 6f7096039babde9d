"""A pull that quarantines a row says so: counted, named with file and line, and by its exit code."""

import json

from mbls_sync.cli.main import NEEDS_A_PERSON

ROWS = "UPN,Date,Session,Mark\nB801200005001,07/09/2026,AM,/\nB801200005001,07/09/2026,PM,ZZ\n"


def test_a_pull_alone_counts_the_row_and_ends_with_1(empty_school):
    (empty_school.inbox / "marks.csv").write_text(ROWS)
    told = empty_school.run("pull", "--format", "json")
    counts = {row["count"]: row["number"] for row in json.loads(told.out)["rows"]}
    assert (counts["rows"], counts["stored"], counts["quarantined"]) == (2, 1, 1)
    assert "marks.csv:3" in told.err
    assert told.code == NEEDS_A_PERSON
