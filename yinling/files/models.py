"""Tables of files. The content lies in the vault under FILES_DIR; here is what it is and whom it concerns."""

from typing import Self

from django.db import models
from django.db.models import Q

from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid


class Blob(models.Model):
    """Encrypted content, kept once however often it was put in. `key` is sealed to the blob's name."""

    name = models.CharField(max_length=60, unique=True)
    sha256 = models.BinaryField(max_length=32, unique=True)
    size = models.BigIntegerField()
    key = models.BinaryField()
    stored_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gte=0), name="blob_has_a_size")]

    def __str__(self) -> str:
        return self.name

    @property
    def key_place(self) -> str:
        """Where the data key is sealed to."""
        return f"files.blob.key:{self.name}"


class StoredFileQuerySet(ScopedQuerySet["StoredFile"]):
    """Files."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Those of the user's divisions, and those that the user put in."""
        if permission is not None:
            return super().visible_to(user, permission)
        own = self.filter(uploaded_by=user.uid)
        return (super().visible_to(user) | own) if tuple(user.key_ranges()) else own

    def present(self) -> Self:
        """Those whose content is still there."""
        return self.filter(erased_at__isnull=True)

    def about(self, subject_kind: str, subject_uid: object) -> Self:
        """Those that belong to one thing."""
        return self.filter(subject_kind=subject_kind, subject_uid=subject_uid)


class StoredFile(models.Model):
    """One thing somebody put in: what, about whom, why, and until when it is kept."""

    uid = models.UUIDField(default=new_uid, unique=True)
    place_key = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="files")
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_uid = models.UUIDField(null=True)
    purpose = models.CharField(max_length=120, blank=True)
    is_protected = models.BooleanField(default=True)
    uploaded_by = models.UUIDField()
    uploaded_at = models.DateTimeField(default=now)
    keep_until = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_uid", "id"], name="file_by_subject"),
            models.Index(fields=["place_key", "id"], name="file_by_place"),
            models.Index(fields=["uploaded_by", "id"], name="file_by_uploader"),
            models.Index(fields=["keep_until"], name="file_by_term", condition=Q(erased_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True, blob__isnull=False) | Q(erased_at__isnull=False, blob__isnull=True),
                name="file_has_content_until_it_is_erased",
            )
        ]

    def __str__(self) -> str:
        return self.name
