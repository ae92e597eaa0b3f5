"""What imported rosters of institutions mean: homes, beds, staff. One row states one of them."""

from yinling.institutions.rosters.beds import BEDS
from yinling.institutions.rosters.homes import INSTITUTIONS
from yinling.institutions.rosters.staff import STAFF

REGISTERS = (INSTITUTIONS, BEDS, STAFF)

__all__ = ["REGISTERS"]
