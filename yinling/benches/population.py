"""An invented city of elders for the linkage bench: who there is, before anybody writes anything down.

Made from what is hard in rural Hunan: a handful of surnames per village, brothers who share a generation
character, couples of one household, twins, namesakes, birthdays that only the lunar calendar knows.
Knows nothing of the matcher, and the matcher nothing of it.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from yinling.benches import population_names as names

Ints = NDArray[np.int64]
Chars = NDArray[np.uint32]

YEAR = 2025
COUNTIES, TOWNSHIPS_PER_COUNTY, VILLAGES_PER_TOWNSHIP = 13, 16, 13
FEMALE, MALE = 0, 1
ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
ID_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)


@dataclass
class People:
    """Columns, one row per living person. Dates are days since 1970-01-01; `name` is (n, 4) code points."""

    name: Chars
    sex: Ints
    born: Ints  # as registered, and as printed in the ID number
    told: Ints  # as the person tells it
    lunar_speaker: NDArray[np.bool_]  # tells it in the lunar calendar
    village: Ints
    household: Ints
    group: Ints  # villagers' group and house number
    house: Ints
    phone: Ints  # 0: none
    document: NDArray[np.uint8]  # (n, 18) ASCII; all zero: none was ever issued
    spouse: Ints  # row of the spouse, -1: none

    def __len__(self) -> int:
        return len(self.sex)


def take(people: People, rows: Ints) -> People:
    """The same columns for `rows` (may repeat)."""
    return People(**{f.name: getattr(people, f.name)[rows] for f in fields(People)})


def villages() -> Ints:
    """12-digit keys of all villages, in the unassigned province 99."""
    county, township, village = np.meshgrid(
        np.arange(1, COUNTIES + 1),
        np.arange(1, TOWNSHIPS_PER_COUNTY + 1),
        np.arange(1, VILLAGES_PER_TOWNSHIP + 1),
        indexing="ij",
    )
    return ((990100 + county) * 1_000_000 + township * 1_000 + village).ravel().astype(np.int64)


def people_of_a_city(count: int, rng: np.random.Generator) -> People:
    """About `count` living people of 60 and over in households, with spouses, twins, siblings and namesakes."""
    heads = _heads(int(count * 0.66), rng)
    wives = _spouses(heads, rng)
    everyone = _join([heads, wives])
    everyone.spouse = _spouse_rows(heads, wives)
    paired = len(everyone)
    relatives = _join([_twins(heads, rng), _siblings(heads, rng)])
    relatives.household = np.arange(len(relatives)) + everyone.household.max() + 1
    shares_home = _share(rng, len(relatives), 0.12)
    everyone = _join([everyone, relatives])
    _move_in_with(everyone, np.flatnonzero(shares_home) + paired, relatives.spouse[shares_home])
    everyone.spouse[paired:] = -1
    _name_alike(everyone, rng)
    everyone.document = documents(everyone, rng)
    everyone.document[_share(rng, len(everyone), 0.004)] = 0
    everyone.told, everyone.lunar_speaker = _told_birthdays(everyone.born, rng)
    everyone.phone = _phones(everyone, rng)
    return everyone


def _heads(count: int, rng: np.random.Generator) -> People:
    keys = villages()
    size = rng.lognormal(0, 0.6, len(keys))
    at = rng.choice(len(keys), count, p=size / size.sum())
    clans = rng.choice(len(names.SURNAMES), (len(keys), 3), p=names.SURNAME_SHARES)
    of_clan = clans[at, rng.choice(3, count, p=[0.6, 0.25, 0.15])]
    surname = np.where(
        _share(rng, count, 0.55), of_clan, rng.choice(len(names.SURNAMES), count, p=names.SURNAME_SHARES)
    )
    sex = np.where(_share(rng, count, 0.6), MALE, FEMALE)
    return People(
        name=_named(surname, sex, rng),
        sex=sex,
        born=_birthdays(count, rng),
        told=np.zeros(count, np.int64),
        lunar_speaker=np.zeros(count, bool),
        village=keys[at],
        household=np.arange(1, count + 1),
        group=rng.integers(1, 16, count),
        house=rng.integers(1, 70, count),
        phone=np.zeros(count, np.int64),
        document=np.zeros((count, 18), np.uint8),
        spouse=np.full(count, -1),
    )


def _named(surname: Ints, sex: Ints, rng: np.random.Generator) -> Chars:
    """Surname, and one or two characters by sex with the shares of the generation; a few have no given name."""
    name = np.zeros((len(sex), 4), np.uint32)
    name[:, 0] = names.SURNAMES[surname]
    for each, first, second in ((MALE, *names.MEN), (FEMALE, *names.WOMEN)):
        rows = np.flatnonzero(sex == each)
        name[rows, 1] = rng.choice(first.chars, len(rows), p=first.shares)
        name[rows, 2] = rng.choice(second.chars, len(rows), p=second.shares)
    name[_share(rng, len(sex), 0.09), 2] = 0
    unnamed = _share(rng, len(sex), 0.003) & (sex == FEMALE)
    name[unnamed, 1], name[unnamed, 2] = ord("氏"), 0
    return name


def _birthdays(count: int, rng: np.random.Generator) -> Ints:
    age_days = (60 + rng.exponential(10.0, count) % 48) * 365.2425
    born = np.int64((np.datetime64(f"{YEAR}-07-01") - np.datetime64("1970-01-01")).astype(int)) - age_days.astype(
        np.int64
    )
    # A day the registrar made up: 1 January, 1 October, the middle of the eighth month ...
    year = born.astype("M8[D]").astype("M8[Y]")
    made_up = rng.choice(names.MADE_UP_DAYS, count, p=names.MADE_UP_SHARES)
    day = (year + np.timedelta64(0, "Y")).astype("M8[M]") + (made_up // 100 - 1).astype("m8[M]")
    placeholder = day.astype("M8[D]").astype(np.int64) + made_up % 100 - 1
    return np.where(_share(rng, count, 0.03), placeholder, born)


def _spouses(heads: People, rng: np.random.Generator) -> People:
    wives = take(heads, np.flatnonzero(_share(rng, len(heads), 0.42)))
    count = len(wives)
    wives.spouse = wives.household - 1
    wives.sex = 1 - wives.sex
    wives.name = _named(rng.choice(len(names.SURNAMES), count, p=names.SURNAME_SHARES), wives.sex, rng)
    wives.born = wives.born + rng.normal(0, 2.5 * 365, count).astype(np.int64)
    return wives


def _spouse_rows(heads: People, wives: People) -> Ints:
    spouse = np.full(len(heads) + len(wives), -1)
    spouse[len(heads) :] = wives.spouse
    spouse[wives.spouse] = np.arange(len(wives)) + len(heads)
    return spouse


def _twins(heads: People, rng: np.random.Generator) -> People:
    """One head in 285 has a twin alive: same day, same surname, mostly a shared character."""
    rows = np.flatnonzero(_share(rng, len(heads), 0.0035))
    twins = take(heads, rows)
    twins.spouse = rows
    twins.sex = np.where(_share(rng, len(rows), 0.65), twins.sex, 1 - twins.sex)
    _rename_as_kin(twins, heads.name[rows], 0.8, rng)
    _marry_away(twins, rng)
    return twins


def _siblings(heads: People, rng: np.random.Generator) -> People:
    rows = np.flatnonzero(_share(rng, len(heads), 0.08))
    siblings = take(heads, rows)
    siblings.spouse = rows
    siblings.sex = np.where(_share(rng, len(rows), 0.6), siblings.sex, 1 - siblings.sex)
    _rename_as_kin(siblings, heads.name[rows], 0.75, rng)
    gap = rng.integers(330, 3600, len(rows)) * np.where(_share(rng, len(rows), 0.5), 1, -1)
    siblings.born = siblings.born + gap
    _marry_away(siblings, rng)
    return siblings


def _rename_as_kin(kin: People, of: Chars, sharing: float, rng: np.random.Generator) -> None:
    """New given names; where the sex is the same, `sharing` of them keep the generation character."""
    fresh = _named(np.zeros(len(kin), np.int64), kin.sex, rng)
    shares = _share(rng, len(kin), sharing) & (of[:, 2] > 0) & (fresh[:, 2] > 0)
    fresh[:, 0] = of[:, 0]
    fresh[shares, 1] = of[shares, 1]
    same = (fresh == of).all(axis=1)
    fresh[same, 2] = ord("生")
    kin.name = fresh


def _marry_away(kin: People, rng: np.random.Generator) -> None:
    away = np.where(kin.sex == FEMALE, _share(rng, len(kin), 0.6), _share(rng, len(kin), 0.1))
    kin.village = np.where(
        away, kin.village // 1000 * 1000 + rng.integers(1, VILLAGES_PER_TOWNSHIP + 1, len(kin)), kin.village
    )
    kin.house = rng.integers(1, 70, len(kin))


def _move_in_with(people: People, movers: Ints, hosts: Ints) -> None:
    for column in ("village", "household", "group", "house"):
        getattr(people, column)[movers] = getattr(people, column)[hosts]


def _name_alike(people: People, rng: np.random.Generator) -> None:
    """Namesakes beyond chance: one in 500 has the name, sex and birth year of another of the township;
    one in a hundred of those was even born on the same day."""
    order = np.argsort(people.village // 1000, kind="stable")
    at = np.flatnonzero(_share(rng, len(people) - 40, 0.002))
    one, other = order[at], order[at + rng.integers(1, 40, len(at))]
    people.name[other], people.sex[other] = people.name[one], people.sex[one]
    shift = rng.integers(-170, 170, len(at)) * ~_share(rng, len(at), 0.01)
    people.born[other] = people.born[one] + shift


def documents(people: People, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Valid 18-character resident IDs (GB 11643-1999 check character) under the unassigned prefix 99."""
    count = len(people)
    day = people.born.astype("M8[D]")
    year = day.astype("M8[Y]").astype(np.int64) + 1970
    month = day.astype("M8[M]").astype(np.int64) % 12 + 1
    of_month = (day - day.astype("M8[M]")).astype(np.int64) + 1
    serial = rng.integers(0, 60, count) * 2 + people.sex + rng.integers(0, 4, count) * 100
    seventeen = (people.village // 1_000_000 * 10**8 + year * 10**4 + month * 100 + of_month) * 1000 + serial
    # Two people cannot hold one number: the later one gets the next serial of the same sex.
    for _ in range(30):
        _, first = np.unique(seventeen, return_index=True)
        clash = np.ones(count, bool)
        clash[first] = False
        if not clash.any():
            break
        seventeen[clash] = seventeen[clash] // 1000 * 1000 + (seventeen[clash] % 1000 + 2) % 1000
    else:
        raise ValueError("More people of one county were born on one day than there are serial numbers.")
    digits = seventeen[:, None] // 10 ** np.arange(16, -1, -1) % 10
    check = ID_CHECKS[(digits * ID_WEIGHTS).sum(axis=1) % 11]
    return np.concatenate([digits.astype(np.uint8) + ord("0"), check[:, None]], axis=1)


def _told_birthdays(born: Ints, rng: np.random.Generator) -> tuple[Ints, NDArray[np.bool_]]:
    """4 % tell another day than the register has: another year, or another day of the year."""
    count = len(born)
    years = np.where(_share(rng, count, 0.35), rng.choice([-731, -365, 365, 731], count), rng.integers(-60, 60, count))
    told = born + years * _share(rng, count, 0.04)
    return told, _share(rng, count, 0.2)


def _phones(people: People, rng: np.random.Generator) -> Ints:
    """Own number 55 %, the household's 25 %, none 10 %, the rest a child's."""
    mine = mobile_numbers(len(people), rng)
    households = mobile_numbers(int(people.household.max()) + 1, rng)
    kind = rng.choice(3, len(people), p=[0.65, 0.25, 0.10])
    return np.choose(kind, [mine, households[people.household], np.zeros(len(people), np.int64)])


def mobile_numbers(count: int, rng: np.random.Generator) -> Ints:
    """`count` numbers of mobile form."""
    return rng.choice([135, 138, 139, 150, 151, 158, 159, 182, 187, 188], count) * 10**8 + rng.integers(0, 10**8, count)


def _share(rng: np.random.Generator, count: int, share: float) -> NDArray[np.bool_]:
    return rng.random(count) < share


def _join(parts: list[People]) -> People:
    return People(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(People)})
