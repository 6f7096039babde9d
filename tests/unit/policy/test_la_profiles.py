"""An LA's profile is read as strictly as the policy, and can change its values and make none up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mbls_sync.errors import ConfigurationError, ParameterError
from mbls_sync.model.la_profile import FileFormat, LaProfile, Weight
from mbls_sync.policy.la_profiles import choose, laid_over, load_profile, load_profiles
from mbls_sync.policy.load import load_parameters
from mbls_sync.policy.places import parameter_folder, profile_folder, shipped_config
from mbls_sync.policy.view import Parameter, PolicyAt

PROFILES = load_profiles(profile_folder(shipped_config()))
PARAMETERS = load_parameters(parameter_folder(shipped_config()))
TODAY = date(2026, 11, 27)
WHOLE = """\
la_code: '801'
la_name: Made-up Council
policy:
  la.attendance_return.days:
    2026-09-01: {value: 12, cites: 'made up', says: 'twelve days'}
returns:
  attendance:
    2024-08-19: {title: Old form, cites: made up, channel: e-form, format: fill-sheet}
    2026-09-01:
      title: New form
      cites: made up
      channel: upload
      format: csv
      columns:
        - {head: Name, field: full_name, required: yes}
        - {head: UPN, field: upn}
      checks:
        n-left: {weight: stops, source: made up}
        gaps: {weight: advises, source: the school's own}
"""


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    file = tmp_path / "made-up.yaml"
    file.write_text(WHOLE, encoding="utf-8")
    return file


def _policy(name: str) -> PolicyAt:
    return PolicyAt(laid_over(PARAMETERS, PROFILES[name]), TODAY)


def test_a_form_holds_from_its_own_date_and_the_one_before_it_stays(made_up: Path) -> None:
    profile = load_profile(made_up)
    assert profile.form("attendance", date(2026, 8, 31)).title == "Old form"
    assert profile.form("attendance", date(2026, 8, 31)).format is FileFormat.FILL_SHEET
    new = profile.form("attendance", date(2026, 9, 1))
    assert [(column.head, column.field, column.required) for column in new.columns] == [
        ("Name", "full_name", True),
        ("UPN", "upn", False),
    ]
    assert not profile.takes("attendance", date(2024, 8, 18))


def test_a_check_without_a_source_is_the_school_s_own(made_up: Path) -> None:
    checks = load_profile(made_up).form("attendance", TODAY).checks
    assert [(check.rule, check.weight, check.source) for check in checks] == [
        ("n-left", Weight.STOPS, "made up"),
        ("gaps", Weight.ADVISES, ""),
    ]


def test_its_values_are_laid_over_the_policy_from_their_day_and_not_before(made_up: Path) -> None:
    policy = laid_over(PARAMETERS, load_profile(made_up))
    name = "la.attendance_return.days"
    assert PolicyAt(policy, date(2026, 8, 31)).days(name) == PolicyAt(PARAMETERS, date(2026, 8, 31)).days(name)
    assert PolicyAt(policy, date(2026, 9, 1)).days(name) == 12
    assert policy[name].file == made_up


WRONG = {
    "la_code: '801'": ("la_code: '80'", 1, "three digits"),
    "la.attendance_return.days:": ("la.attendance_return.dayz:", 5, "no parameter of the policy"),
    "value: 12": ("value: twelve", 5, "is no days"),
    "channel: upload": ("channel: pigeon", 12, "channel is 'pigeon'"),
    "format: csv": ("format: xml", 13, "format is 'xml'"),
    "{head: UPN, field: upn}": ("{head: Name, field: upn}", 16, "two columns have the head"),
    "weight: stops": ("weight: heavy", 18, "weight is 'heavy'"),
    "      title: New form": ("      titel: New form", 10, "unknown key 'titel'"),
    "2026-09-01:\n      title": ("2026-13-01:\n      title", 10, "no date"),
    "      channel: upload": ("      file_name: '{surname}_{period}_{number}'\n      channel: upload", 12, "file_name"),
    "      format: csv": ("      encoding: klingon\n      format: csv", 13, "no encoding"),
}


@pytest.mark.parametrize("right", WRONG)
def test_what_is_not_exactly_right_is_refused_with_file_and_line(tmp_path: Path, right: str) -> None:
    wrong, line, says = WRONG[right]
    file = tmp_path / "made-up.yaml"
    file.write_text(WHOLE.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ParameterError, match=says) as refused:
        laid_over(PARAMETERS, load_profile(file))
    assert (refused.value.file, refused.value.line) == (file, line)


def test_no_file_of_a_return_can_be_named_after_a_pupil_or_take_the_place_of_another(tmp_path: Path) -> None:
    for name in ("{return}_{period}", "{return}_{number}", "../{period}_{number}", "{period}_{number} x"):
        file = tmp_path / "made-up.yaml"
        text = WHOLE.replace("      format: csv", f"      file_name: '{name}'\n      format: csv")
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ParameterError, match="file_name"):
            load_profile(file)


def test_the_setting_chooses_by_name_then_by_the_la_s_number_then_the_default() -> None:
    assert choose(PROFILES, "stockport", "823").name == "stockport"
    assert choose(PROFILES, "", "919").name == "hertfordshire"
    assert choose(PROFILES, "", "801").name == "central-bedfordshire"
    assert choose({}, "", "823") == LaProfile()
    with pytest.raises(ConfigurationError, match="stockprot"):
        choose(PROFILES, "stockprot", "823")


def test_the_three_las_differ_where_their_own_pages_do() -> None:
    own, herts, stockport = (_policy(name) for name in ("central-bedfordshire", "hertfordshire", "stockport"))
    name = "la.attendance_return."
    assert [p.text(f"{name}days_count") for p in (own, herts, stockport)] == ["either", "either", "continuous"]
    assert [p.text(f"{name}irregular_rule") for p in (own, herts, stockport)] == ["either", "none", "none"]
    assert stockport.text(f"{name}repeat") == "once-per-episode"
    assert [p.is_in_force("la.absence_alert_days") for p in (own, herts, stockport)] == [True, False, False]
    assert PROFILES["stockport"].form("attendance", TODAY).one_pupil_each
    assert "Initial or follow-up" in [c.head for c in PROFILES["hertfordshire"].form("attendance", TODAY).columns]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_every_value_and_form_that_is_shipped_cites_its_source(profile: LaProfile) -> None:
    over = laid_over(PARAMETERS, profile)
    changed = [parameter for name, parameter in over.items() if parameter is not PARAMETERS[name]]
    assert changed
    assert all(_cites_itself(parameter) for parameter in changed)
    assert all(form.cites and form.title for forms in profile.forms.values() for form in forms)


def _cites_itself(parameter: Parameter) -> bool:
    return all(value.cites and value.says for value in parameter.values)
