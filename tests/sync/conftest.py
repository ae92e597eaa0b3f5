"""The lists of the visit's form, as the national pack brings them."""

import pytest

from tests.care.conftest import national
from yinling.kernel.actors import System
from yinling.reference.services import load_code_lists, load_parameters

LISTS = {
    "visit_health", "visit_money", "visit_family", "visit_safety", "visit_needs", "visit_action", "visit_sign",
    "visit_far_reason", "consent_purpose", "person_category", "sex",
}  # fmt: skip


@pytest.fixture
def form_lists(db: None) -> None:
    """What may be ticked."""
    whole = national("codelists.yaml")
    ours = {**whole, "lists": [one for one in whole["lists"] if one["key"] in LISTS]}
    load_code_lists(ours, file="codelists.yaml", pack="national", layer=0, by=System("test"))
    mine = [row for row in national("parameters.yaml")["parameters"] if row["key"].startswith("visit.")]
    load_parameters({"parameters": mine}, file="parameters.yaml", pack="national", layer=0, by=System("test"))
