"""Settings: the file, then the environment; anything not exactly right is refused, with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.errors import ConfigurationError
from mbls_sync.model.deliveries import Mode
from mbls_sync.policy.places import shipped_config
from mbls_sync.settings.load import load_settings
from mbls_sync.settings.settings import FILE
from mbls_sync.toml_text import lines_of, read_toml

SCHOOL = """\
[school]
id = "example"
name = "Example Lower School"
la_code = "823"
la_name = "Central Bedfordshire"
establishment_number = "9999"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / FILE).write_text('mode = "shadow"\n' + SCHOOL, encoding="utf-8")
    return tmp_path


def write(folder, text):
    (folder / FILE).write_text(text, encoding="utf-8")


def refused(folder, env=None):
    with pytest.raises(ConfigurationError) as error:
        load_settings(folder, env or {})
    return str(error.value)


def test_the_shipped_template_is_readable(tmp_path):
    write(tmp_path, (shipped_config() / FILE).read_text(encoding="utf-8"))
    settings = load_settings(tmp_path, {})
    assert settings.mode is Mode.SHADOW
    assert settings.sources["integris"].adapter == "integris-csv"


def test_the_environment_wins_over_the_file_and_is_named_as_the_origin(folder):
    settings = load_settings(folder, {"MBLS_MODE": "confirm", "MBLS_SCHOOL__NAME": "Other School"})
    assert (settings.mode, settings.school.name) == (Mode.CONFIRM, "Other School")
    assert settings.origin("mode") == "MBLS_MODE"
    assert settings.origin("school", "name") == "MBLS_SCHOOL__NAME"
    assert settings.origin("school", "la_code") == f"{FILE}:5"
    assert settings.origin("out") == "default"


def test_a_secret_is_read_from_the_file_that_a_variable_names(folder, tmp_path):
    secret = tmp_path / "url"
    secret.write_text("postgresql://mbls:hunter2@db.example/mbls\n", encoding="utf-8")
    settings = load_settings(folder, {"MBLS_DATABASE_URL_FILE": str(secret)})
    assert settings.database == "postgresql://mbls:hunter2@db.example/mbls"
    assert "hunter2" not in settings.shown_database
    assert "hunter2" not in repr(settings)
    assert settings.origin("database_url") == f"MBLS_DATABASE_URL_FILE ({secret})"


def test_a_secret_given_twice_is_refused(folder):
    both = {"MBLS_DATABASE_URL": "sqlite:///x", "MBLS_DATABASE_URL_FILE": "/y"}
    assert "both set" in refused(folder, both)


def test_a_secret_file_that_is_not_there_is_named_and_not_its_content(folder):
    said = refused(folder, {"MBLS_DATABASE_URL_FILE": "/no/such/file"})
    assert "/no/such/file" in said
    assert "MBLS_DATABASE_URL_FILE" in said


@pytest.mark.parametrize(
    "name", ["MBLS_MOED", "MBLS_SCHOOL__NAMES", "MBLS_MODE__X", "MBLS_TASK_LIST__MAIL__PASSWD", "mbls_mode"]
)
def test_a_variable_that_is_no_setting_is_refused_by_name(folder, name):
    assert name in refused(folder, {name: "x"})


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('"823"', '"82"', '3 digits are wanted, in quotes, such as "823"'),
        ('"9999"', '"99999"', "4 digits are wanted"),
        ('"example"', '"Example School"', "lower-case letters, digits and hyphens"),
    ],
)
def test_a_number_or_name_of_the_school_in_another_form_is_told_as_a_person_would_say_it(folder, was, now, says):
    write(folder, SCHOOL.replace(was, now, 1))
    said = refused(folder)
    assert says in said
    assert f"{FILE}:" in said


def test_a_secret_that_is_no_text_is_told_how_to_be_saved(folder, tmp_path):
    (tmp_path / "secret").write_bytes("sécret".encode("utf-16"))
    assert "UTF-8" in refused(folder, {"MBLS_DATABASE_URL_FILE": str(tmp_path / "secret")})


def test_a_variable_of_somebody_else_is_left_alone(folder):
    assert load_settings(folder, {"PATH": "/bin", "MODE": "auto"}).mode is Mode.SHADOW


def test_a_wrong_value_from_the_environment_names_the_variable_and_never_the_value(folder):
    said = refused(folder, {"MBLS_MODE": "hunter2"})
    assert "MBLS_MODE" in said
    assert "hunter2" not in said


def test_everything_that_is_wrong_is_said_at_once_each_with_its_line(folder):
    write(folder, 'mode = "bold"\nfoo = 1\n' + SCHOOL + 'nickname = "x"\n')
    said = refused(folder).splitlines()
    assert [line.partition(f"{FILE}:")[2].partition(":")[0] for line in said] == ["1", "2", "9"]


def test_a_missing_table_is_named(folder):
    write(folder, 'mode = "shadow"\n')
    assert "school: is missing" in refused(folder)


def test_a_file_that_is_not_there_says_how_to_get_one(tmp_path):
    assert "mbls-sync init" in refused(tmp_path)


@pytest.mark.parametrize(
    "mail",
    [
        'host = "mail.example"',
        'host = "mail.example"\nallow_remote = true',
        'host = "mail.example"\ntls = "tls"',
    ],
)
def test_mail_leaves_this_machine_only_on_purpose_and_sealed(folder, mail):
    write(folder, SCHOOL + f'[task_list.mail]\nto = ["a@school.example"]\nsender = "b@school.example"\n{mail}\n')
    assert "beyond this machine" in refused(folder)


def test_mail_to_this_machine_needs_nothing_more(folder):
    write(folder, SCHOOL + '[task_list.mail]\nto = ["a@school.example"]\nsender = "b@school.example"\n')
    assert load_settings(folder, {}).task_list.mail.host == "localhost"


def test_paths_are_against_the_schools_folder(folder):
    write(folder, 'out = "papers"\nconfig = "/etc/mbls"\n' + SCHOOL)
    settings = load_settings(folder, {})
    assert settings.out_folder == folder / "papers"
    assert str(settings.config_folder) == "/etc/mbls"
    assert settings.database == f"sqlite:///{folder / 'data' / 'mbls-sync.sqlite3'}"


def test_a_zone_that_is_none_is_refused(folder):
    write(folder, 'zone = "Europe/Londn"\n' + SCHOOL)
    assert f"{FILE}:1: zone" in refused(folder)


def test_lists_of_tables_know_their_lines():
    text = "[[a]]\nx = 1\n[[a]]\nx = 2\ny.z = 3\n[a.b]\nc = 4\n"
    lines = lines_of(text)
    assert (lines["a", 0, "x"], lines["a", 1, "x"], lines["a", 1, "y", "z"], lines["a", 1, "b", "c"]) == (2, 4, 5, 7)


KEYS = st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True), min_size=1, max_size=8, unique=True)


@given(KEYS, KEYS)
def test_every_key_is_found_on_the_line_it_stands_on(tables, keys):
    written = [line for table in tables for line in (f"[{table}]", *(f"{key} = 1" for key in keys))]
    lines = lines_of("\n".join(written))
    for table in tables:
        for key in keys:
            assert written[lines[table, key] - 1] == f"{key} = 1"
            assert written[lines[table,] - 1] == f"[{table}]"


@given(st.text("ab=[].\"' #1\n", max_size=200))
def test_any_text_is_searched_for_lines_without_a_failure(text):
    assert all(1 <= line <= len(text.splitlines()) for line in lines_of(text).values())


def test_a_path_of_windows_in_the_wrong_quotes_is_told_its_quotes(folder):
    write(folder, SCHOOL + 'out = "C:\\Users\\office"\n')
    said = refused(folder)
    assert f"{FILE}:7" in said
    assert "single quotes" in said


def test_a_file_that_is_no_utf8_is_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b'mode = "\xff"')
    with pytest.raises(ConfigurationError, match="UTF-8"):
        read_toml(tmp_path / FILE)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://mbls:hunter2@db.example/mbls",
        "postgresql://mbls:hun@ter2/x@db.example:5432/mbls",
        "postgresql://db.example/mbls?user=mbls&password=hunter2&sslmode=require",
    ],
)
def test_no_part_of_a_password_is_shown_however_the_address_is_written(folder, url):
    shown = load_settings(folder, {"MBLS_DATABASE_URL": url}).shown_database
    assert "hun" not in shown
    assert "ter2" not in shown
    assert "db.example" in shown


def test_an_sqlite_file_beside_the_settings_is_found_from_anywhere(folder, tmp_path):
    assert load_settings(folder, {"MBLS_DATABASE_URL": "sqlite:///data/x.sqlite3"}).database == (
        f"sqlite:///{tmp_path / 'data' / 'x.sqlite3'}"
    )
    assert load_settings(folder, {"MBLS_DATABASE_URL": "sqlite:////srv/x"}).database == "sqlite:////srv/x"


def test_a_variable_that_should_hold_json_is_named_and_its_content_is_not(folder):
    said = refused(folder, {"MBLS_PLUGINS": "hunter2"})
    assert said.startswith("MBLS_PLUGINS is no JSON")
    assert "hunter2" not in said


@pytest.mark.parametrize("content", ["", "\n"])
def test_a_secret_that_holds_nothing_is_refused(folder, tmp_path, content):
    secret = tmp_path / "url"
    secret.write_text(content, encoding="utf-8")
    assert "holds nothing" in refused(folder, {"MBLS_DATABASE_URL_FILE": str(secret)})
    assert "names no file" in refused(folder, {"MBLS_DATABASE_URL_FILE": ""})


def test_a_variable_that_begins_a_table_by_a_slip_is_named(folder):
    assert "MBLS_SOURCES__INTEGRISS__OPTIONS__FOLDER begins sources.integriss" in refused(
        folder, {"MBLS_SOURCES__INTEGRISS__OPTIONS__FOLDER": "inbox"}
    )
    assert "MBLS_TASK_LIST__MAIL__PASSWORD begins task_list.mail" in refused(
        folder, {"MBLS_TASK_LIST__MAIL__PASSWORD": "hunter2"}
    )


@pytest.mark.parametrize("address", ["office", "a@b.example\\nBcc: z@z.example", "a@b.example, c@d.example", ""])
def test_what_is_no_mail_address_is_refused_with_its_line_and_nothing_else(folder, address):
    write(folder, SCHOOL + f'[task_list.mail]\nto = ["{address}"]\nsender = "Office <a@b.example>"\n')
    said = refused(folder)
    assert f"{FILE}:8: task_list.mail.to.0: a mail address is wanted" in said
    assert "\n" not in said


def test_a_list_that_is_none_is_said_as_people_say_it(folder):
    write(folder, 'plugins = "rules-school"\n' + SCHOOL)
    assert f'{FILE}:1: plugins: a list is wanted, such as ["one", "two"]' in refused(folder)
