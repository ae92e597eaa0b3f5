"""What tests of warnings have: the rules of the pack."""

import pytest

from tests.institutions.builders import the_ratios_are_set
from tests.supervision.warnings.builders import the_rules
from yinling.places.models import Place


@pytest.fixture
def rules(city: Place) -> None:
    the_rules()


@pytest.fixture
def ratios(db: None) -> None:
    """Residents per carer."""
    the_ratios_are_set()
