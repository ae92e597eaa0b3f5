"""What lies in divisions and comes along when they are renamed, merged or moved: shown before such a change."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from yinling.institutions.models import Institution
from yinling.institutions.permissions import Institutions
from yinling.kernel.actors import KeyRange
from yinling.kernel.scope import within
from yinling.people.models import Person
from yinling.people.permissions import People
from yinling.places.carrying import Register


def _persons(ranges: Sequence[KeyRange]) -> int:
    return Person.objects.current().filter(within(ranges)).count()


def _homes(ranges: Sequence[KeyRange]) -> int:
    return Institution.objects.filter(within(ranges), closed_on__isnull=True).count()


REGISTERS = (
    Register(_("Elders"), _persons, "people:list", People.SEARCH, "users"),
    Register(_("Homes and beds"), _homes, "institutions:list", Institutions.READ, "building-community"),
)
