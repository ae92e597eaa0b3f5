"""What tests of warnings have: the rules of the pack."""

import datetime as dt

import pytest

from tests.supervision.warnings.builders import the_rules
from yinling.kernel.actors import System
from yinling.places.models import Place
from yinling.reference.services import set_parameter


@pytest.fixture
def rules(city: Place) -> None:
    the_rules()


@pytest.fixture
def ratios(db: None) -> None:
    """Residents per carer."""
    for key, value in (("self_caring", 15), ("semi", 6), ("full", 3)):
        set_parameter(
            key=f"staff.ratio_{key}", value=value, valid_from=dt.date(2020, 1, 1), source="test of the source",
            by=System("test"),
        )  # fmt: skip
