"""Which beds of a home are free. Called inside the lock of the home; private to the module."""

from django.db.models import Exists, OuterRef, QuerySet

from yinling.institutions import rules
from yinling.institutions.models import Bed, BedState, BedUse, Institution
from yinling.institutions.models.rooms import USABLE
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import Refused


def usable_beds(home: Institution) -> QuerySet[Bed]:
    """Beds of a home that are usable today."""
    today = civil_date()
    usable = BedState.objects.current().filter(
        bed=OuterRef("pk"), state=USABLE, valid_from__lte=today, valid_to__isnull=True
    )
    return Bed.objects.filter(Exists(usable), institution=home)


def free_beds(home: Institution) -> QuerySet[Bed]:
    """Usable beds that nobody holds."""
    return usable_beds(home).exclude(Exists(BedUse.objects.open().filter(bed=OuterRef("pk"))))


def first_free(home: Institution, kind: str, application_id: int | None = None) -> Bed | None:
    """The bed reserved for the application, else the first free one of a kind, in order of floors and rooms."""
    if application_id is not None:
        reserved = Bed.objects.filter(
            uses__application=application_id, uses__valid_to__isnull=True, uses__superseded_at__isnull=True
        )
        if (bed := reserved.select_related("room").first()) is not None:
            return bed
    return free_beds(home).filter(kind=kind).select_related("room").order_by("id").first()


def held_and_usable(home: Institution, kind: str) -> tuple[int, int]:
    """How many usable beds of a kind are held, and how many there are."""
    usable = usable_beds(home).filter(kind=kind)
    return usable.filter(Exists(BedUse.objects.open().filter(bed=OuterRef("pk")))).count(), usable.count()


def chosen_bed(home: Institution, bed_uid: object, application_id: int | None = None) -> Bed:
    """A bed that somebody chose. Raises Refused when it cannot be had."""
    bed = Bed.objects.select_related("room").one(uid=bed_uid)
    held = BedUse.objects.open().filter(bed=bed)
    if application_id is not None:
        held = held.exclude(application=application_id)
    if refusal := rules.why_not_this_bed(
        is_same_home=bed.institution_id == home.pk, is_usable=usable_beds(home).filter(pk=bed.pk).exists(),
        is_held=held.exists(), bed=bed_words(bed),
    ):  # fmt: skip
        raise Refused(refusal, field="bed")
    return bed


def bed_words(bed: Bed) -> str:
    """A bed as people call it: 201 2床."""
    return f"{bed.room.number} {bed.label}"
