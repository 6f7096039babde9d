"""Who goes to the synthetic school: families, pupils, classes and the adults to call. Nobody here is real."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Contact, Flag, Pattern, Pupil
from mbls_sync.model.sessions import Period
from mbls_sync.model.upn import upn_check_letter

FORENAMES = tuple(
    "Amber Arlo Bea Billy Cara Cian Dara Dilan Edie Eshan Fern Finn Gita Grace Hana Hugo Iris Ivo Jaya Joel Kit Koa "
    "Lara Leo Maya Milo Nia Noah Orla Otto Pia Priya Quin Rae Remy Rosa Sami Skye Tara Theo Uma Una Val Vik Wren Xan "
    "Yara Yusuf Zadie Zane".split()
)
SURNAMES = tuple(
    f"{tree}-Example"
    for tree in "Alder Apple Ash Aspen Bay Beech Birch Box Cedar Cherry Elder Elm Fir Hazel Holly Hornbeam Juniper "
    "Larch Laurel Lime Maple Medlar Mulberry Myrtle Oak Olive Pear Pine Plane Plum Poplar Quince Rowan Sorrel Spindle "
    "Spruce Sycamore Thorn Walnut Wayfaring Willow Yew".split()
)
CLASSES = {
    "N2": ("Ducklings", "Cygnets"),
    "R": ("Robins", "Wrens", "Finches"),
    "1": ("Hedgehogs", "Squirrels", "Dormice"),
    "2": ("Otters", "Voles", "Badgers"),
    "3": ("Kestrels", "Merlins", "Kites"),
    "4": ("Foxes", "Hares", "Harts"),
}
SIZE_OF_YEAR = {"N2": 60, "R": 68, "1": 68, "2": 68, "3": 68, "4": 68}
BORN_FROM = {"N2": 2022, "R": 2021, "1": 2020, "2": 2019, "3": 2018, "4": 2017}
"""The September in which each year group's oldest pupils of 2026-27 were born."""

MORNINGS = frozenset((day, Period.AM) for day in range(5))
SHORT_WEEK = frozenset((day, period) for day in range(3) for period in Period)
ESTABLISHMENT = "8239999"
"""No school has it: 823 is Central Bedfordshire, 9999 nobody's."""


@dataclass
class Family:
    """A household: its address, its adults and its children."""

    number: int
    surname: str
    contacts: tuple[Contact, ...]
    address: str
    postcode: str
    pupils: list[Pupil] = field(default_factory=list)


def families(random: Random, pupils: int = 400) -> list[Family]:
    """Families whose children fill the school's year groups, `pupils` in all."""
    places = _places(random, pupils)
    made: list[Family] = []
    serial = 0
    while places:
        family = _family(random, len(made))
        for _ in range(min(_children(random), len(places))):
            year = _pick_year(random, places, {p.year_group for p in family.pupils})
            serial += 1
            family.pupils.append(_pupil(random, family, year, places[year].pop(), serial))
            if not places[year]:
                del places[year]
        made.append(family)
    return made


def _places(random: Random, pupils: int) -> dict[str, list[str]]:
    total = sum(SIZE_OF_YEAR.values())
    places = {}
    for year, size in SIZE_OF_YEAR.items():
        count = round(size * pupils / total)
        names = CLASSES[year]
        places[year] = [names[n % len(names)] for n in range(count)]
        random.shuffle(places[year])
    return {year: left for year, left in places.items() if left}


def _children(random: Random) -> int:
    roll = random.random()
    return 1 if roll < 0.62 else 2 if roll < 0.93 else 3


def _pick_year(random: Random, places: dict[str, list[str]], taken: set[str]) -> str:
    free = [year for year in places if year not in taken] or list(places)
    return random.choices(free, weights=[len(places[year]) for year in free])[0]


def _family(random: Random, number: int) -> Family:
    surname = SURNAMES[number % len(SURNAMES)]
    street = random.choice(("Pretend Lane", "Sample Street", "Madeup Road", "Fiction Close", "Nowhere Way"))
    count = random.choices((1, 2, 3), weights=(6, 70, 24))[0]
    roles = (("Ms", "Mother", True), ("Mr", "Father", True), ("Mrs", "Grandmother", False))
    contacts = tuple(
        Contact(
            priority=place + 1,
            name=f"{roles[place][0]} {random.choice(FORENAMES)[0]}. {surname}",
            relationship=roles[place][1],
            parental_responsibility=roles[place][2],
            # The range 07700 900000 to 900999 is Ofcom's for fiction; 01632 960xxx likewise.
            mobile=f"07700 900{(number * 3 + place) % 1000:03d}",
            home_phone=f"01632 960{number % 1000:03d}" if random.random() < 0.25 else "",
            email=f"family{number}.{place + 1}@example.invalid",
        )
        for place in range(count)
    )
    return Family(number, surname, contacts, f"{1 + number} {street}, Exampleton", f"ZZ{1 + number % 9} 9ZZ")


def _pupil(random: Random, family: Family, year: str, class_name: str, serial: int) -> Pupil:
    start = BORN_FROM[year]
    month = random.randint(9, 20)
    born = date(start + (month > 12), (month - 1) % 12 + 1, random.randint(1, 28))
    admitted = date(max(start + 4, 2024), 9, 1)
    rest = f"{ESTABLISHMENT}{admitted.year % 100:02d}{serial % 1000:03d}"
    upn = upn_check_letter(rest) + rest
    poorer = random.random() < 0.19
    taken = {sibling.forename for sibling in family.pupils}
    return Pupil(
        id=PupilId(upn),
        upn=upn,
        surname=family.surname,
        forename=random.choice([name for name in FORENAMES if name not in taken]),
        admission_number=f"{4000 + serial:06d}",
        born=born,
        sex=random.choice("FM"),
        year_group=year,
        class_name=class_name,
        admitted=admitted,
        enrolment_status="C",
        address=family.address,
        postcode=family.postcode,
        free_school_meals=poorer,
        pupil_premium=poorer or random.random() < 0.03,
        sen_status=random.choices(("N", "K", "E"), weights=(83, 14, 3))[0],
        education_health_care_plan=None,
        looked_after=random.random() < 0.006,
        child_in_need=random.random() < 0.012,
        child_protection=random.random() < 0.005,
        english_additional_language=random.random() < 0.14,
        ethnicity=random.choices(("WBRI", "WOTH", "MWBC", "AIND", "BAFR", "REFU"), weights=(74, 9, 5, 5, 4, 3))[0],
        young_carer=random.random() < 0.01,
        contacts=family.contacts,
        flags=_flags(random),
        patterns=_patterns(random, year),
    )


def _flags(random: Random) -> tuple[Flag, ...]:
    roll = random.random()
    if roll < 0.03:
        return (Flag("healthcare plan", date(2025, 9, 1)),)
    if roll < 0.045:
        return (Flag("disability", date(2025, 9, 1)),)
    return ()


def _patterns(random: Random, year: str) -> tuple[Pattern, ...]:
    if year != "N2":
        return ()
    roll = random.random()
    if roll < 0.45:
        return (Pattern(date(2025, 9, 1), None, MORNINGS),)
    return (Pattern(date(2025, 9, 1), None, SHORT_WEEK),) if roll < 0.6 else ()
