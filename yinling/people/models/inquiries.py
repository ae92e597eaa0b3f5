"""Inquiries into abuse: who looks into what was done to a person, kept from everybody else until it closes."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.uids import new_uid
from yinling.people.models.person import Person
from yinling.people.models.scoped import ByPerson
from yinling.people.permissions import People


def inquiry_where(field: str, uid: UUID | str) -> str:
    """What a sealed text of an inquiry is bound to."""
    return f"people.inquiry.{field}:{uid}"


class InquiryQuerySet(ByPerson):
    """Inquiries. To see the person is not enough: whoever keeps the file may be whom it is about."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Inquiries into persons of divisions where the user may conduct them."""
        return super().visible_to(user, permission or People.INQUIRE)

    def open(self) -> Self:
        """Those not closed yet."""
        return self.filter(closed_at__isnull=True)


class Inquiry(models.Model):
    """An inquiry into abuse or neglect of a person. Looks under it stay out of the receipt until it closes."""

    CONFIRMED, NOT_CONFIRMED, HANDED_OVER = "confirmed", "not_confirmed", "handed_over"

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="inquiries")
    why_sealed = models.BinaryField()
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField(default=now)
    outcome = models.CharField(max_length=14, blank=True)
    findings_sealed = models.BinaryField(default=bytes)
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(closed_at__isnull=True), name="one_open_inquiry_into_a_person"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_inquiry_has_an_outcome",
            ),
        ]

    def why(self) -> str:
        """What gave cause for it, plain."""
        return unseal(self.why_sealed, inquiry_where("why", self.uid))

    def findings(self) -> str:
        """What was found, plain."""
        return unseal(self.findings_sealed, inquiry_where("findings", self.uid))
