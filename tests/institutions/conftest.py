"""Roles of the tests, so that they do not hang on config/roles.py."""

from pathlib import Path

import pytest
import yaml

from tests.conftest import XUPU, a_user
from tests.institutions.builders import the_ratios_are_set
from yinling.accounts import roles
from yinling.accounts.models import User
from yinling.institutions.permissions import Institutions
from yinling.kernel.actors import System
from yinling.ledger.permissions import Ledger
from yinling.people.permissions import People
from yinling.places.models import Place
from yinling.reference.services import load_code_lists

LISTS = Path(__file__).parents[2] / "packs" / "national" / "codelists.yaml"
OURS = {
    "institution_kind", "operator_model", "bed_kind", "bed_state", "licence_kind", "certificate_kind", "staff_post",
    "kitchen_kind", "sex", "stay_end", "mutual_aid_model", "combination_model", "legal_form",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _roles(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = frozenset({*Institutions, *People, *Ledger})
    monkeypatch.setitem(roles._roles, "keeper", roles.Role("keeper", "", "", everything))
    at_home = frozenset({*Institutions, People.SEARCH, People.READ, Ledger.POST, Ledger.READ})
    monkeypatch.setitem(
        roles._roles, "home_manager", roles.Role("home_manager", "", "", at_home, level="township", sees_people=False)
    )


@pytest.fixture
def keeper(city: Place) -> User:
    """Keeps the institutions of Xupu county."""
    return a_user("keeper", XUPU, "keeper")


@pytest.fixture
def lists(db: None) -> None:
    """The code lists of institutions, as the national pack brings them."""
    whole = yaml.safe_load(LISTS.read_text(encoding="utf-8"))
    ours = {**whole, "lists": [one for one in whole["lists"] if one["key"] in OURS]}
    load_code_lists(ours, file="codelists.yaml", pack="national", layer=0, by=System("test"))


@pytest.fixture
def ratios(db: None) -> None:
    """Residents per carer: 15 who care for themselves, 6 who need some care, 3 who need full care."""
    the_ratios_are_set()
