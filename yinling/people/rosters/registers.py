"""Every roster of persons that can be imported, in the order of the page, and the duty that follows from lists."""

from django.utils.translation import gettext_noop as _

from yinling.people import duties
from yinling.people.rosters.departments import DEPARTMENT_LISTS
from yinling.people.rosters.elders import ELDERS
from yinling.people.services.lists import LEFT_LIST
from yinling.worklist.kinds import Kind

REGISTERS = (ELDERS, *DEPARTMENT_LISTS)
KINDS = (Kind(LEFT_LIST, _("No longer on a list"), "user-minus"), *duties.KINDS)
