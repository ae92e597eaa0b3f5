"""Lists of the national pack that shifts read, and the usual ward."""

from typing import Any

import pytest
import yaml

from tests.institutions.conftest import LISTS
from tests.shifts.builders import Floor, a_floor
from yinling.kernel.actors import System
from yinling.reference.services import load_code_lists, load_parameters

PARAMETERS = LISTS.with_name("parameters.yaml")
OURS = {"incident_kind", "risk_grade", "risk_question", "risk_measure", "diet_tag", "shift_kind"}
OTHERS = {"institution_kind", "operator_model", "bed_kind", "bed_state", "staff_post", "certificate_kind", "stay_end"}


@pytest.fixture
def lists(db: None) -> None:
    """Code lists and parameters as the national pack brings them."""
    whole = yaml.safe_load(LISTS.read_text(encoding="utf-8"))
    ours = {**whole, "lists": [one for one in whole["lists"] if one["key"] in OURS | OTHERS]}
    load_code_lists(ours, file="codelists.yaml", pack="national", layer=0, by=System("test"))
    stated = yaml.safe_load(PARAMETERS.read_text(encoding="utf-8"))
    mine = [row for row in stated["parameters"] if row["key"].split(".")[0] in ("shift", "incident", "risk")]
    load_parameters({"parameters": mine}, file="parameters.yaml", pack="national", layer=0, by=System("test"))


@pytest.fixture
def floor(city: Any, lists: None) -> Floor:
    """A home with a ward, two residents, two carers and a manager."""
    return a_floor()
