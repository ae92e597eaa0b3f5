"""What the generator is told: the parameters in a city pack's `city.yaml`, read into values.

Every block of that file carries a mark (article, census or invented); `marks` lists them for the page that says what
in the demonstration is fact and what is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

MARKS = ("article", "census", "invented")


@dataclass(frozen=True)
class County:
    """A county-level unit: census population, ethnic mixture (a name in `ethnic`), surnames typical there, place."""

    code: str
    name: str
    population: int
    mark: str
    ethnic: str
    surnames: str
    lon: float
    lat: float


@dataclass(frozen=True)
class AgeBand:
    """Five years of age: elders in the whole city, share of men, deaths per person and year, share with any loss."""

    first: int
    elders: int
    male: float
    deaths: float
    loss: float


@dataclass(frozen=True)
class GivenNames:
    """Characters of given names for one sex (1 man, 2 woman), born up to and including a year."""

    until: int
    sex: int
    first: str
    second: str


@dataclass(frozen=True)
class Parameters:
    """All parameters. `blocks` holds the file as read, for values that only one function needs."""

    history_from: date
    population_as_of: date
    care_as_of: date
    elders: int
    elders_65_and_over: int
    counties: tuple[County, ...]
    bands: tuple[AgeBand, ...]
    given: tuple[GivenNames, ...]
    shares: dict[str, Any]
    blocks: dict[str, Any]

    def county_position(self, code6: str) -> int:
        """Where the county stands in `counties`. Raises ValueError for a county the pack does not know."""
        for position, county in enumerate(self.counties):
            if county.code == code6:
                return position
        raise ValueError(f"County {code6} is missing in the pack's city.yaml; known: {[c.code for c in self.counties]}")


def parse_parameters(text: str) -> Parameters:
    """Read `city.yaml`. Raises KeyError when a block is missing, ValueError when the age bands do not add up."""
    blocks = yaml.safe_load(text)
    dates, population = blocks["dates"], blocks["population"]
    parameters = Parameters(
        history_from=dates["history_from"],
        population_as_of=dates["population_as_of"],
        care_as_of=dates["care_as_of"],
        elders=population["elders"],
        elders_65_and_over=population["elders_65_and_over"],
        counties=tuple(County(**county) for county in blocks["counties"]),
        bands=tuple(_age_band(band) for band in blocks["ages"]["bands"]),
        given=tuple(GivenNames(**pool) for pool in blocks["given"]["pools"]),
        shares=blocks["shares"],
        blocks=blocks,
    )
    _check_totals(parameters)
    return parameters


def marks(parameters: Parameters) -> dict[str, str]:
    """The mark of each block and, where they differ within it, of each entry: {"population": "census", ...}."""
    found: dict[str, str] = {}
    _collect_marks("", parameters.blocks, found)
    return found


def _age_band(band: dict[str, Any]) -> AgeBand:
    return AgeBand(band["from"], band["elders"], band["male"], band["deaths"], band["loss"])


def _check_totals(parameters: Parameters) -> None:
    everybody = sum(band.elders for band in parameters.bands)
    older = sum(band.elders for band in parameters.bands if band.first >= 65)
    if (everybody, older) != (parameters.elders, parameters.elders_65_and_over):
        raise ValueError(
            f"The age bands add up to {everybody} elders and {older} of 65 and over; "
            f"the census says {parameters.elders} and {parameters.elders_65_and_over}. Correct ages.bands in city.yaml."
        )


def _collect_marks(name: str, block: Any, found: dict[str, str]) -> None:
    entries = block.items() if isinstance(block, dict) else enumerate(block) if isinstance(block, list) else ()
    for key, value in entries:
        if key == "mark":
            found[name] = value
        else:
            label = value.get("code", key) if isinstance(value, dict) else key
            _collect_marks(f"{name}.{label}".lstrip("."), value, found)


def read_parameters(packs: Path, city: str) -> Parameters | None:
    """The parameters of a city's pack; None where it has none."""
    path = Path(packs) / city / "city.yaml"
    return _parsed(path) if path.is_file() else None


@lru_cache(maxsize=2)
def _parsed(path: Path) -> Parameters:
    return parse_parameters(path.read_text(encoding="utf-8"))


def marked_blocks(parameters: Parameters | None) -> dict[str, list[str]]:
    """The top blocks that hold something of each mark: {"article": ["hardship", "network"], "census": [...]}."""
    found: dict[str, list[str]] = {mark: [] for mark in MARKS}
    for name, mark in marks(parameters).items() if parameters else ():
        block = name.split(".")[0]
        if block not in found[mark]:
            found[mark].append(block)
    return {mark: blocks for mark, blocks in found.items() if blocks}
