"""What became of each row of a pull: every one is stored, unchanged, quarantined or held, and counted."""

from __future__ import annotations

from dataclasses import dataclass

from mbls_sync.contracts import BadRow, Resource


@dataclass(frozen=True, slots=True)
class PageTally:
    """The count of one page. For marks it is per cell: a blank cell counts, and so does each mark of a bad row.

    `marks_in` is always `stored + unchanged + quarantined + held`. `duplicates` says how many of the
    unchanged only repeat a cell of the same page. `known_before` says that the page is what was stored
    last, so that nothing of it was counted again. `held_id` names the hold a person can lift.
    """

    source: str
    resource: Resource
    marks_in: int = 0
    stored: int = 0
    unchanged: int = 0
    quarantined: int = 0
    held: int = 0
    duplicates: int = 0
    items_new: int = 0
    items_unchanged: int = 0
    rows_quarantined: int = 0
    known_before: bool = False
    unreadable: str = ""
    held_id: str = ""
    held_because: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether every mark that came in is accounted for."""
        return self.marks_in == self.stored + self.unchanged + self.quarantined + self.held


@dataclass(frozen=True, slots=True)
class PullReport:
    """What one source gave: a tally a page, warnings in words, and what was quarantined. Names nobody but in rows."""

    pages: tuple[PageTally, ...] = ()
    warnings: tuple[str, ...] = ()
    quarantined: tuple[BadRow, ...] = ()

    @property
    def held(self) -> tuple[PageTally, ...]:
        """The pages that wait for a person; nothing of them was stored."""
        return tuple(page for page in self.pages if page.held_id)

    @property
    def unreadable(self) -> tuple[PageTally, ...]:
        """The sources nothing could be read of."""
        return tuple(page for page in self.pages if page.unreadable)

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of all sources, in the order in which they were read."""
        return tuple(page.source for page in self.pages)

    @property
    def marks_in(self) -> int:
        """How many marks came in."""
        return sum(page.marks_in for page in self.pages)

    @property
    def stored(self) -> int:
        """How many marks were new or changed."""
        return sum(page.stored for page in self.pages)

    @property
    def unchanged(self) -> int:
        """How many marks were as stored."""
        return sum(page.unchanged for page in self.pages)

    @property
    def marks_quarantined(self) -> int:
        """How many marks could not be read."""
        return sum(page.quarantined for page in self.pages)

    @property
    def changes(self) -> int:
        """How many marks and rows are new or changed: 0 says that the pull changed nothing."""
        return sum(page.stored + page.items_new for page in self.pages)

    @property
    def needs_a_person(self) -> bool:
        """Whether anything was quarantined, held or unreadable."""
        return bool(self.quarantined or self.held or self.unreadable)

    def __add__(self, other: PullReport) -> PullReport:
        return PullReport(
            self.pages + other.pages, self.warnings + other.warnings, self.quarantined + other.quarantined
        )
