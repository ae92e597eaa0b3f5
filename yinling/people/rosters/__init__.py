"""What imported rosters of persons mean: the elders' roster, the death list, the lists of departments."""

from yinling.people.rosters.departments import DEPARTMENT_LISTS
from yinling.people.rosters.elders import ELDERS

REGISTERS = (ELDERS, *DEPARTMENT_LISTS)

__all__ = ["REGISTERS"]
