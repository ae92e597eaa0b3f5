"""What was loaded, when, by whom, and what it did. Packs belong to the city as a whole: no scope."""

from django.db import models

from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid


class Pack(models.Model):
    """A pack as it was last loaded. `digest`: SHA-256 over all its files; `layer`: higher stands before lower."""

    uid = models.UUIDField(default=new_uid, unique=True)
    key = models.CharField(max_length=60, unique=True)
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    source = models.CharField(max_length=500, blank=True)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    layer = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Load(models.Model):
    """One load: the differences it made, the first few hundred word for word."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="loads")
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    loaded_by = models.UUIDField()
    loaded_by_label = models.CharField(max_length=120, blank=True)
    loaded_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["pack", "-id"], name="load_by_pack")]

    def __str__(self) -> str:
        return f"{self.version} {self.loaded_at:%Y-%m-%d}"
