"""Lists and parameters of the national pack that the time bank reads, and a branch."""

from typing import Any

import pytest
import yaml

from tests.institutions.conftest import LISTS
from tests.volunteers.builders import Village, a_village
from yinling.kernel.actors import System
from yinling.reference.services import load_code_lists, load_parameters

OURS = {
    "time_service", "time_proof", "time_act", "volunteer_check", "volunteer_course", "volunteer_honour", "visit_skill",
    "language", "sex", "kinship", "person_category",
}  # fmt: skip


@pytest.fixture
def lists(db: None) -> None:
    """Code lists and parameters as the national pack brings them."""
    whole = yaml.safe_load(LISTS.read_text(encoding="utf-8"))
    ours = {**whole, "lists": [one for one in whole["lists"] if one["key"] in OURS]}
    load_code_lists(ours, file="codelists.yaml", pack="national", layer=0, by=System("test"))
    stated = yaml.safe_load(LISTS.with_name("parameters.yaml").read_text(encoding="utf-8"))
    mine = [row for row in stated["parameters"] if row["key"].split(".")[0] in ("time_bank", "volunteer")]
    load_parameters({"parameters": mine}, file="parameters.yaml", pack="national", layer=0, by=System("test"))


@pytest.fixture
def village(city: Any, lists: None) -> Village:
    """A branch with a coordinator, an elder couple and a volunteer."""
    return a_village()
