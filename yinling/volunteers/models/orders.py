"""Services: asked for, offered, agreed, done, confirmed, banked."""

from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid
from yinling.people.models import Person
from yinling.volunteers.models.branches import Member
from yinling.volunteers.models.volunteers import ByVolunteer, Volunteer


class ByMember(ScopedQuerySet):
    """Rows seen where their member is seen."""

    scope_field = "member__place_key"


class RequestQuerySet(ByMember):
    """Requests."""

    def open(self) -> Self:
        """Those that wait for a volunteer."""
        return self.filter(state=Request.State.OPEN)


class Request(models.Model):
    """A service asked for: which (code list time_service), for whom, when, how long, with which wishes.

    `member` receives the service. `payer` gives the hours for it: the member, the spouse, or nobody: then the pool of
    the branch serves, those on its list first.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("time bank", "Waits for a volunteer")
        AGREED = "agreed", pgettext_lazy("time bank", "Agreed")
        WITHDRAWN = "withdrawn", pgettext_lazy("time bank", "Withdrawn")

    uid = models.UUIDField(default=new_uid, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="requests")
    payer = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="pays_for")
    service = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    minutes = models.SmallIntegerField()
    skill = models.CharField(max_length=20, blank=True)
    speaks = models.CharField(max_length=20, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    wished = models.ForeignKey(Volunteer, null=True, on_delete=models.PROTECT, related_name="wished_by")
    is_on_list = models.BooleanField(default=False)  # on the pool's list when it was asked
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    asked_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects = RequestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "starts_at"], name="request_by_state")]
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="a_service_asked_for_lasts")]


class Offer(models.Model):
    """A volunteer offers a service on some weekdays between two hours, until a day."""

    uid = models.UUIDField(default=new_uid, unique=True)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="offers")
    service = models.CharField(max_length=20)
    days = models.JSONField(default=list)  # weekdays, 0 Monday
    from_hour = models.SmallIntegerField(default=8)
    until_hour = models.SmallIntegerField(default=18)
    valid_to = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects: Any = ByVolunteer.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_hour__gte=0, until_hour__lte=24, from_hour__lt=F("until_hour")),
                name="an_offers_hours_lie_within_a_day",
            ),
            models.UniqueConstraint(
                fields=["volunteer", "service"], condition=Q(ended_at__isnull=True), name="a_service_is_offered_once"
            ),
        ]


class OrderQuerySet(ScopedQuerySet["Order"]):
    """Orders."""

    def to_bank(self) -> Self:
        """Confirmed by both sides, undisputed, their days for a dispute over."""
        return self.filter(state=Order.State.CONFIRMED, disputable_until__lt=now())


class Order(models.Model):
    """One service of a volunteer for a person: agreed, done, confirmed, banked; or cancelled, disputed, refused.

    `visit_uid` where it is a visit of `care`. `held`: minutes set aside on `payer`'s account, or of the pool.
    `minutes` is what counts, after rounding and limits; `earned_on` the civil day of the service.
    """

    class State(models.TextChoices):
        AGREED = "agreed", pgettext_lazy("time bank", "Agreed")
        DONE = "done", pgettext_lazy("time bank", "Done, to be confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("time bank", "Confirmed by both sides")
        DISPUTED = "disputed", pgettext_lazy("time bank", "Disputed")
        BANKED = "banked", pgettext_lazy("time bank", "Banked")
        CANCELLED = "cancelled", pgettext_lazy("time bank", "Cancelled")
        REFUSED = "refused", pgettext_lazy("time bank", "Does not count")
        REVERSED = "reversed", pgettext_lazy("time bank", "Taken back")

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=24, unique=True)
    request = models.OneToOneField(Request, null=True, on_delete=models.PROTECT, related_name="order")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="orders")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="orders")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="time_orders")
    payer = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="paid_orders")
    place_key = models.BigIntegerField()
    service = models.CharField(max_length=20)
    visit_uid = models.UUIDField(null=True, unique=True)
    is_paid = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    planned = models.SmallIntegerField()
    held = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State, default=State.AGREED)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    earned_on = models.DateField(null=True)
    minutes = models.SmallIntegerField(null=True)
    done_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=20, blank=True)  # code list time_proof: how the one served confirmed
    confirmed_by = models.UUIDField(null=True)
    confirmed_label = models.CharField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    disputable_until = models.DateTimeField(null=True)
    dispute_sealed = models.BinaryField(default=bytes)
    finding = models.CharField(max_length=200, blank=True)
    banked_at = models.DateTimeField(null=True)
    transfer_uid = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = OrderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_key", "state", "id"], name="order_by_place"),
            models.Index(fields=["volunteer", "earned_on"], name="order_by_volunteer"),
            models.Index(fields=["disputable_until"], condition=Q(state="confirmed"), name="order_to_bank"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "banked"]) | Q(done_at__isnull=False, confirmed_at__isnull=False),
                name="nothing_is_banked_unless_both_sides_confirm",
            ),
            models.CheckConstraint(
                condition=~Q(state="banked") | Q(transfer_uid__isnull=False, minutes__gt=0),
                name="a_banked_order_names_its_transfer",
            ),
            models.CheckConstraint(
                condition=~Q(state="banked") | Q(is_paid=False), name="a_paid_service_is_never_banked"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="a_service_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def dispute(self) -> str:
        """Why it is disputed, in plain words."""
        return unseal(self.dispute_sealed, dispute_where(self.uid))


def dispute_where(uid: UUID | str) -> str:
    """What the sealed words of a dispute are bound to."""
    return f"volunteers.order.dispute:{uid}"


class EarnedDay(models.Model):
    """What a volunteer has earned on a civil day. The limit in force is copied in, so the database refuses more."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="earned_days")
    day = models.DateField()
    minutes = models.SmallIntegerField(default=0)
    most = models.SmallIntegerField()

    objects: Any = ByVolunteer.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "day"], name="a_day_is_counted_once"),
            models.CheckConstraint(
                condition=Q(minutes__gte=0, minutes__lte=F("most")), name="nobody_earns_more_than_the_days_limit"
            ),
        ]
