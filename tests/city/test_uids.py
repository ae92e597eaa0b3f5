"""Identifiers of generated rows: in form UUIDv7, rising, and the same for the same seed."""

from datetime import date
from uuid import UUID

import numpy as np

from yinling.city.uids import uid, uids

OPENED = date(2021, 1, 1)


def test_the_same_seed_gives_the_same_uids_and_another_seed_others() -> None:
    numbers = np.arange(1000)
    assert uids(7, "person", numbers, OPENED) == uids(7, "person", numbers, OPENED)
    assert not set(uids(7, "person", numbers, OPENED)) & set(uids(8, "person", numbers, OPENED))
    assert not set(uids(7, "person", numbers, OPENED)) & set(uids(7, "kin", numbers, OPENED))


def test_they_are_of_version_seven_and_rise_with_the_numbers() -> None:
    found = uids(7, "person", np.arange(1000), OPENED)
    assert found == sorted(set(found))
    assert {UUID(bytes=raw).version for raw in found} == {7}
    assert uid(7, "person", 0, OPENED) == UUID(bytes=found[0])
