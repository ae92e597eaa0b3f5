"""The sealed columns and blind indexes of the register, for the rotation of keys."""

from yinling.kernel.rotation import Sealed
from yinling.people.cards import DOCUMENT, PHONE, document_text
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
        {
            "document_index": lambda one: (DOCUMENT, document_text(one.document_kind, one.document_number())),
            "phone_index": lambda person: (PHONE, person.phone()),
        },
    ),
    Sealed(
        Kin,
        {"phone_sealed": lambda kin: kin_where(kin.uid)},
        {"phone_index": lambda kin: (PHONE, kin.phone())},
    ),
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
