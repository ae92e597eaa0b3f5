"""The sealed column of legal persons, for the rotation of keys."""

from yinling.kernel.rotation import Sealed
from yinling.organisations.models import Organisation

TABLES = (Sealed(Organisation, {"phone": lambda organisation: organisation.phone_place}),)
