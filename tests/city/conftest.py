"""The divisions and parameters of Huaihua, and a small city that the tests share."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from yinling.city.network import Network, build_network
from yinling.city.parameters import Parameters, parse_parameters
from yinling.city.population import People, build_people

PACK = Path(__file__).parents[2] / "packs" / "huaihua"
TODAY = date(2025, 12, 31)


@dataclass(frozen=True)
class City:
    """A built city with what it was built from."""

    divisions: pl.DataFrame
    parameters: Parameters
    people: People
    network: Network
    scale: float

    @property
    def village_names(self) -> dict[str, str]:
        """Names by 12-digit code."""
        villages = self.divisions.filter(pl.col("level") == "village")
        return dict(villages.select("code12", "name").iter_rows())

    @property
    def place_names(self) -> dict[str, str]:
        """Villages by 12-digit code, with county and township before the name."""
        names = dict(self.divisions.select("code12", "name").iter_rows())
        upward = dict(self.divisions.select("code12", "parent12").iter_rows())
        return {
            code: names[upward[upward[code]]] + names[upward[code]] + name for code, name in self.village_names.items()
        }


def a_city(scale: float, seed: int = 7, today: date = TODAY) -> City:
    """Build people and network of the whole of Huaihua."""
    divisions = pl.read_csv(PACK / "divisions.csv", schema_overrides={"code12": pl.String, "parent12": pl.String})
    parameters = parse_parameters((PACK / "city.yaml").read_text(encoding="utf-8"))
    people = build_people(divisions, parameters, seed=seed, scale=scale, today=today)
    network = build_network(divisions, people.persons, parameters, seed=seed, scale=scale, today=today)
    return City(divisions, parameters, people, network, scale)


@pytest.fixture(scope="session")
def small_city() -> City:
    return a_city(0.02)
