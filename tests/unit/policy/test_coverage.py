import pytest

from mbls_sync.errors import ParameterError
from mbls_sync.policy.coverage import By, cites_known, load_coverage, load_sections
from mbls_sync.policy.places import coverage_file, shipped_config

SMALL = """\
sections: [Absence procedures, Definitions]
duties:
  - {id: FDC-03, title: call home, section: Absence procedures, by: rule}
  - {id: CLS-01, title: ill, section: Definitions; Absence procedures, by: rule, where: REG-09}
  - {id: GOV-10, title: complaints, section: Definitions, by: person, where: the head}
"""


def put(folder, text):
    (folder / "coverage.yaml").write_text(text)
    return folder / "coverage.yaml"


def test_a_duty_is_served_by_its_own_rule_unless_it_says_which(tmp_path):
    duties = load_coverage(put(tmp_path, SMALL))
    assert [(d.id, d.by, d.where) for d in duties] == [
        ("FDC-03", By.RULE, "FDC-03"),
        ("CLS-01", By.RULE, "REG-09"),
        ("GOV-10", By.PERSON, "the head"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("CLS-01", "FDC-03", "stands twice"),
        ("FDC-03", "call-home", "no id of the catalogue"),
        ("by: rule}", "by: nobody}", "must be one of"),
        ("section: Absence procedures,", "section: Truancy,", "none of the sections"),
        (", where: the head", "", "say where"),
    ],
)
def test_a_row_that_is_not_right_is_refused_with_its_line(tmp_path, old, new, problem):
    with pytest.raises(ParameterError, match=problem) as caught:
        load_coverage(put(tmp_path, SMALL.replace(old, new, 1)))
    assert caught.value.line


def test_a_citation_may_name_an_item_of_its_section():
    assert cites_known("Appendix A, 6", ["Appendix A"])
    assert not cites_known("Truancy", ["Appendix A"])


def test_the_shipped_list_holds_every_duty_of_the_catalogue():
    duties = load_coverage(coverage_file(shipped_config()))
    counted = {}
    for duty in duties:
        counted[duty.id[:-3]] = counted.get(duty.id[:-3], 0) + 1
    assert counted == {
        "GOV": 12, "CON": 5, "REG": 20, "FDC": 19, "CLS": 13, "LOA": 13, "PER": 6, "REL": 3, "GRT": 2, "LUN": 4,
        "HLT": 11, "STG": 22, "PN": 3, "LA": 12, "MON": 19, "RWD": 5,
    }  # fmt: skip
    assert "Appendix A" in load_sections(coverage_file(shipped_config()))
