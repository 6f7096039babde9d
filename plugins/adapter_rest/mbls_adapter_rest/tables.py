"""Lists that fields look things up in, and the pupils by the MIS's own id; each read once, when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mbls_adapter_rest.asking import Asker
from mbls_adapter_rest.fields import compiled
from mbls_adapter_rest.options import Table
from mbls_adapter_rest.values import BadValue, as_text, read_yes
from mbls_sync.api import BadPayload, PupilId

Open = Callable[[str, Table], Asker]
Values = Callable[[Table], Mapping[str, Any]]
"""What `{start}` and `{end}` stand for in a table that is asked for by time."""


class Tables(Mapping[str, Mapping[str, str]]):
    """Each table of the options by name: what the MIS calls a row, and what that means."""

    def __init__(self, given: Mapping[str, Table], asker: Open, values: Values) -> None:
        self._given, self._asker, self._values = given, asker, values
        self._read: dict[str, dict[str, str]] = {}
        self._locked: dict[str, set[str]] = {}

    def __getitem__(self, name: str) -> Mapping[str, str]:
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def may_not_be_written(self, name: str) -> frozenset[str]:
        """The keys that the MIS marks as not to be written."""
        return frozenset(self._locked.get(name, ()) if self[name] is not None else ())

    def forget(self) -> None:
        """Read each again when it is next needed: a pull sees the lists of its own day."""
        self._read.clear()
        self._locked.clear()

    def _load(self, name: str) -> dict[str, str]:
        table = self._given[name]
        key, value = compiled(table.key, as_text, self), compiled(table.value, as_text, self)
        writable = compiled(table.writable, read_yes, self) if table.writable else None
        found: dict[str, str] = {}
        for page in self._asker(f"table {name}", table).pages(self._values(table)):
            for number, row in enumerate(page.rows, 1):
                try:
                    known_as, means = key(row), value(row)
                    locked = writable is not None and writable(row) is False
                except BadValue as error:
                    raise BadPayload(f"row {number} of the table {name}: {error}") from None
                if not known_as:
                    continue
                if found.get(known_as, means) != means:
                    raise BadPayload(f"the table {name} has the key {known_as[:40]!r} twice, with two meanings")
                found[known_as] = means or ""
                if locked:
                    self._locked.setdefault(name, set()).add(known_as)
        if not found:
            raise BadPayload(
                f"the table {name} is empty, so nothing can be looked up in it; look at its select and key"
            )
        return found


class PupilIds:
    """Who is who: the MIS's own id of each pupil, and ours. `load` reads the pupils where that was not done yet."""

    def __init__(self, load: Callable[[], None]) -> None:
        self._load = load
        self._ours: dict[str, PupilId] = {}
        self._theirs: dict[PupilId, str] = {}
        self._classes: dict[PupilId, str] = {}

    def learn(self, mis_id: str, pupil: PupilId) -> None:
        """This is this pupil."""
        self._ours[mis_id] = pupil
        self._theirs[pupil] = mis_id

    def forget(self) -> None:
        """Read the pupils again when one is next asked for."""
        self._ours.clear()
        self._theirs.clear()
        self._classes.clear()

    def in_class(self, pupil: PupilId, name: str) -> None:
        """This is the pupil's class, as the MIS calls it."""
        self._classes[pupil] = name

    def class_of(self, pupil: PupilId) -> str | None:
        """What the MIS calls a pupil's class; None for one of whom it names none."""
        self._need()
        return self._classes.get(pupil)

    @property
    def all(self) -> tuple[str, ...]:
        """Every id of the MIS, in order."""
        self._need()
        return tuple(sorted(self._ours))

    def ours(self, value: Any) -> PupilId | None:
        """The pupil whom the MIS calls so; None for nothing. Raises BadValue for one who is not among the pupils."""
        mis_id = as_text(value)
        if not mis_id:
            return None
        self._need()
        if mis_id not in self._ours:
            raise BadValue("names a pupil by an id that is not among the pupils; see that their list holds all on roll")
        return self._ours[mis_id]

    def theirs(self, pupil: PupilId) -> str | None:
        """What the MIS calls a pupil; None for one whom it does not list."""
        self._need()
        return self._theirs.get(pupil)

    def _need(self) -> None:
        if not self._ours and not self._classes:
            self._load()
