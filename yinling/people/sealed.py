"""The sealed columns of the register, for the rotation of keys."""

from yinling.kernel.rotation import Sealed
from yinling.people.models import Doubt, HospitalStay, Inquiry, Kin, Person, Revision
from yinling.people.models.inquiries import inquiry_where
from yinling.people.models.lists import stay_where
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
    Sealed(
        Inquiry,
        {
            "why_sealed": lambda inquiry: inquiry_where("why", inquiry.uid),
            "findings_sealed": lambda inquiry: inquiry_where("findings", inquiry.uid),
        },
    ),
    Sealed(HospitalStay, {"hospital_sealed": lambda stay: stay_where(stay.uid)}),
    Sealed(Revision, {"values_sealed": lambda revision: revision_where(revision.uid)}),
)
