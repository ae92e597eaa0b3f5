"""Lists, parameters and templates of the national pack that care reads. By subject; whoever needs more appends."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from yinling.care.services.templates import load_templates
from yinling.kernel.actors import System
from yinling.packs.folders import read_yaml
from yinling.reference.services import load_code_lists, load_parameters

NATIONAL = Path(__file__).parents[2] / "packs" / "national"
LISTS = {
    "care_need", "care_part", "goal_area", "home_service", "care_funding", "review_cause", "home_bed_end", "call_way",
    "call_outcome", "consent_purpose", "person_category", "sex", "visit_health", "visit_money", "visit_family",
    "visit_safety", "visit_needs", "visit_found", "visit_action", "visit_sign", "visit_far_reason", "visit_tier_reason",
    "language", "visit_skill",
}  # fmt: skip


@lru_cache(maxsize=8)
def national(file: str) -> Any:
    """A file of the national pack, read once."""
    return read_yaml(NATIONAL / file, file)


@pytest.fixture
def lists(db: None) -> None:
    """Code lists and parameters as the national pack brings them."""
    whole = national("codelists.yaml")
    ours = {**whole, "lists": [one for one in whole["lists"] if one["key"] in LISTS]}
    load_code_lists(ours, file="codelists.yaml", pack="national", layer=0, by=System("test"))
    stated = national("parameters.yaml")
    mine = [row for row in stated["parameters"] if row["key"].split(".")[0] in ("care", "visit")]
    load_parameters({"parameters": mine}, file="parameters.yaml", pack="national", layer=0, by=System("test"))


@pytest.fixture
def templates(lists: None) -> None:
    """Templates of plans as the national pack brings them."""
    data = national("plans.yaml")
    load_templates(data, file="plans.yaml", pack="national", by=System("test"))
