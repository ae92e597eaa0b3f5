"""Receipts: what a coordinator did in a member's name."""

from django.db import models
from django.db.models import Q

from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid
from yinling.volunteers.models.branches import Member
from yinling.volunteers.models.orders import ByMember


class Receipt(models.Model):
    """One act for a member, by somebody else, both named; the member gets it on paper. `verb`: code list time_act."""

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=24, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="receipts")
    member_label = models.CharField(max_length=60)
    verb = models.CharField(max_length=20)
    minutes = models.IntegerField(null=True)
    about = models.CharField(max_length=120, blank=True)  # the number of the order, the name of the other side
    acted_by = models.UUIDField()
    acted_label = models.CharField(max_length=60)
    acted_at = models.DateTimeField(default=now)

    objects = ByMember.as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "id"], name="receipt_by_member")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(member_label="") & ~Q(acted_label=""), name="a_receipt_names_both_sides"
            )
        ]
