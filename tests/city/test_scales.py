"""The generator's copy of the scale says what the national pack says, and the engine finds the generator's levels."""

from pathlib import Path

import pytest
import yaml

from tests.city.conftest import City
from yinling.city.loading_assessments import answers_of, circumstances_of
from yinling.engines.scales.instruments import Instrument, instrument_from
from yinling.engines.scales.scoring import score

FILE = Path(__file__).parents[2] / "packs" / "national" / "instruments" / "gbt_42195_2022.yaml"


@pytest.fixture(scope="module")
def scale() -> Instrument:
    """GB/T 42195-2022 as the pack has it."""
    return instrument_from(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def test_the_cut_offs_of_the_generator_are_the_pack_s(small_city: City, scale: Instrument) -> None:
    assert small_city.parameters.blocks["assessment"]["bands"] == [[lv.lowest, lv.highest] for lv in scale.levels]


def test_the_items_and_their_points_are_the_pack_s(small_city: City, scale: Instrument) -> None:
    maxima = small_city.parameters.blocks["assessment"]["maxima"]
    assert {key.replace(".", "", 1): points for key, points in maxima.items()} == {
        item.key: item.highest for item in scale.items
    }


def test_the_engine_finds_the_levels_that_the_generator_meant(small_city: City, scale: Instrument) -> None:
    no = {fact.key: 0 if fact.is_count else False for fact in scale.circumstances}
    lifted = 0
    for row in small_city.people.assessments.iter_rows(named=True):
        found = score(scale, answers_of(row), no | circumstances_of(row))
        assert (found.total, found.initial_level, found.final_level) == (
            row["total"],
            row["initial_level"],
            row["final_level"],
        )
        lifted += found.final_level > found.initial_level
    assert lifted > 5
