"""What a device is kept with: tokens, claim codes, maintenance, looks at cameras."""

from django.db import models
from django.db.models import F, Q

from yinling.devices.models.devices import ByDevice, Device
from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid


class CredentialQuerySet(ByDevice):
    """Tokens of devices."""

    def in_force(self, moment: object) -> "CredentialQuerySet":
        """Those that open at an instant."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=moment), revoked_at__isnull=True)


class Credential(models.Model):
    """A user name and the keyed hash of a token, which is shown once and stored nowhere.

    A token is 256 random bits: there is nothing to guess, so a slow password hash would protect nothing and would
    cost 50 ms where 15,000 readings a second are checked. The hash is keyed (`kernel.crypto.blind`), so that a copy
    of the database alone tells nobody whether a token is right.
    """

    uid = models.UUIDField(default=new_uid, unique=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="credentials")
    username = models.CharField(max_length=30)
    token_index = models.BinaryField(max_length=17, unique=True)
    hint = models.CharField(max_length=4)  # the last letters, to tell one from another
    issued_at = models.DateTimeField(default=now)
    issued_by = models.UUIDField()
    expires_at = models.DateTimeField(null=True)  # the overlap of a rotation
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=200, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["device", "issued_at"], name="credential_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(expires_at__isnull=True, revoked_at__isnull=True),
                name="a_device_has_one_lasting_token",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gte=F("issued_at")),
                name="a_token_expires_after_it_was_issued",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_why=""), name="a_revoked_token_says_why"
            ),
        ]


class ClaimCode(models.Model):
    """The code on a label, hashed like a token. It takes its device into use once: by whom and where, on record."""

    uid = models.UUIDField(default=new_uid, unique=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="claim_codes")
    code_index = models.BinaryField(max_length=17, unique=True)
    made_at = models.DateTimeField(default=now)
    made_by = models.UUIDField()
    replaced_at = models.DateTimeField(null=True)  # printed anew: this label is worth nothing
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.UUIDField(null=True)
    claimed_by_label = models.CharField(max_length=120, blank=True)
    claimed_place_key = models.BigIntegerField(null=True)

    objects = ByDevice.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(replaced_at__isnull=True, claimed_at__isnull=True),
                name="a_device_has_one_label_that_claims",
            ),
            models.CheckConstraint(
                condition=Q(claimed_at=None, claimed_by=None, claimed_place_key=None)
                | Q(claimed_at__isnull=False, claimed_by__isnull=False, claimed_place_key__isnull=False),
                name="a_claim_says_who_and_where",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True) | Q(claimed_at__isnull=True),
                name="a_used_label_is_not_replaced",
            ),
        ]


class Maintenance(models.Model):
    """Work done on a device (code list device_work): when, by whom, what comes next. Append only."""

    uid = models.UUIDField(default=new_uid, unique=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="maintenance")
    work = models.CharField(max_length=20)
    done_on = models.DateField()
    words = models.CharField(max_length=300, blank=True)
    next_on = models.DateField(null=True)
    by_uid = models.UUIDField()
    by_label = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(default=now)

    objects = ByDevice.as_manager()

    class Meta:
        indexes = [models.Index(fields=["device", "-done_on"], name="maintenance_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gt=F("done_on")),
                name="the_next_maintenance_comes_later",
            )
        ]


class CameraLook(models.Model):
    """Somebody looked at a camera's picture: who, why, from when until when at most. Append only."""

    uid = models.UUIDField(default=new_uid, unique=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="looks")
    by_uid = models.UUIDField()
    by_label = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    origin_kind = models.CharField(max_length=30, blank=True)  # an alert, for instance
    origin_uid = models.UUIDField(null=True)
    opened_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()

    objects = ByDevice.as_manager()

    class Meta:
        indexes = [models.Index(fields=["device", "-opened_at"], name="look_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="a_look_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_look_has_a_reason"),
        ]
