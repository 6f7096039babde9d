"""A rebuild files papers under the pseudonyms they had, so that nothing is filed twice under another name."""

from mbls_sync.cli.wiring import open_office
from mbls_sync.store import people


def pseudonyms(school):
    with open_office(school.folder).store() as store, store.read() as tx:
        return dict(people.pseudonyms(tx))


def test_pupils_keep_their_pseudonyms_through_export_and_rebuild(school, tmp_path):
    school.run("once")
    before = pseudonyms(school)
    school.run("events", "export", tmp_path / "events.csv")
    for file in (school.folder / "data").glob("mbls-sync.sqlite3*"):
        file.unlink()
    school.run("rebuild", "--events", tmp_path / "events.csv")
    assert before
    assert pseudonyms(school) == before
