"""The sealed columns of the register, for the rotation of keys."""

from yinling.kernel.rotation import Sealed
from yinling.people.models import Doubt, Kin, Person, Revision
from yinling.people.models.matching import doubt_where
from yinling.people.models.person import where
from yinling.people.models.relations import kin_where
from yinling.people.services.card import revision_where

TABLES = (
    Sealed(
        Person,
        {
            "document_sealed": lambda person: where("document", person.uid),
            "phone_sealed": lambda person: where("phone", person.uid),
            "address_sealed": lambda person: where("address", person.uid),
        },
    ),
    Sealed(Kin, {"phone_sealed": lambda kin: kin_where(kin.uid)}),
    Sealed(Doubt, {"record_sealed": lambda doubt: doubt_where(doubt.uid)}),
    Sealed(Revision, {"values_sealed": lambda revision: revision_where(revision.uid)}),
)
