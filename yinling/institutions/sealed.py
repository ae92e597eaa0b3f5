"""The sealed columns and blind indexes of staff, for the rotation of keys."""

from yinling.institutions.models import Staff
from yinling.institutions.models.sites import staff_where
from yinling.institutions.services.staffing import DOCUMENT
from yinling.kernel.rotation import Sealed

TABLES = (
    Sealed(
        Staff,
        {
            "document_sealed": lambda staff: staff_where("document", staff.uid),
            "phone_sealed": lambda staff: staff_where("phone", staff.uid),
        },
        {"document_index": lambda staff: (DOCUMENT, staff.document_number())},
    ),
)
