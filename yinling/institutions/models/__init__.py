"""Tables of the module, by subject: sites and their papers, rooms and beds, applications and stays."""

from yinling.institutions.models.rooms import Bed, BedState, Building, Floor, Room
from yinling.institutions.models.sites import Certificate, Institution, Licence, Staff
from yinling.institutions.models.stays import Application, BedUse, Leave, Stay

__all__ = [
    "Application", "Bed", "BedState", "BedUse", "Building", "Certificate", "Floor", "Institution", "Leave", "Licence",
    "Room", "Staff", "Stay",
]  # fmt: skip
