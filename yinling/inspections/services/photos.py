"""Photos: kept by `files`, hung on an inspection or a hazard, compared with all others by their perceptual hash."""

import hashlib
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yinling.files.services import About, Opened, open_for, store_bytes
from yinling.files.vault import Readable
from yinling.inspections import events
from yinling.inspections.models import Hazard, Inspection, Photo, Signature
from yinling.inspections.permissions import Inspections
from yinling.inspections.pictures import Read, read
from yinling.inspections.rules import hazards as hazard_rules
from yinling.inspections.rules import inspecting
from yinling.inspections.rules.pictures import from_bands, is_same_picture
from yinling.inspections.services.scoping import Point, metres_from, require_inspector, works_in
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound, Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_PHOTOS = 40  # of one inspection or hazard
KIND = "picture"


def photograph_item(
    *, uid: object, item: str, stream: Readable, name: str, by: Actor, at: Point | None = None
) -> Photo:
    """Attach a photo to an item of an inspection that is still open. `at`: where the phone is, if it says so."""
    found = Inspection.objects.visible_to(by).select_related("institution", "checklist").one(uid=uid)
    require_inspector(by, found)
    if no := inspecting.why_not_edited(found.state):
        raise Refused(no)
    if item not in found.checklist.questions.items:
        raise NotFound("item")
    photo = Photo(institution=found.institution, inspection=found, item=item, stage=Photo.Stage.FOUND)
    kept = _keep(photo, ("inspection", found.uid), stream, name, by, at)
    Signature.objects.filter(inspection=found, fell_away_at__isnull=True).update(fell_away_at=kept.added_at)
    Inspection.objects.filter(pk=found.pk, state=inspecting.FIRST_SIGNED).update(state=inspecting.STARTED)
    return kept


def photograph_hazard(
    *, uid: object, stage: str, stream: Readable, name: str, by: Actor, angle_of: UUID | None = None,
    at: Point | None = None,
) -> Photo:  # fmt: skip
    """Attach a photo to a hazard: as found, after the work (from the angle of an earlier one), or at the re-check."""
    hazard = Hazard.objects.visible_to(by).select_related("institution").one(uid=uid)
    _check_stage(hazard, stage, by)
    before = Photo.objects.filter(hazard=hazard, uid=angle_of).first() if angle_of else None
    photo = Photo(institution=hazard.institution, hazard=hazard, item=hazard.item, stage=stage, angle_of=before)
    return _keep(photo, ("hazard", hazard.uid), stream, name, by, at)


def _check_stage(hazard: Hazard, stage: str, by: Actor) -> None:
    if stage == Photo.Stage.DONE:
        require(by, Inspections.RECTIFY, hazard.place_key)
        if hazard.state != hazard_rules.RECTIFYING:
            raise Refused("Photos of the work are attached while it is under way. Nothing is under way here.")
    elif stage == Photo.Stage.RECHECK:
        require(by, Inspections.RECHECK, hazard.place_key)
        if hazard.state != hazard_rules.SUBMITTED:
            raise Refused("No work waits for a re-check here.")
    else:
        is_home = works_in(hazard.institution, by)
        require(by, Inspections.SELF_CHECK if is_home else Inspections.INSPECT, hazard.place_key)
        if hazard.state not in (hazard_rules.FOUND, hazard_rules.RECTIFYING):
            raise Refused("Photos of the hazard are attached before the work is handed in.")


def _keep(photo: Photo, subject: tuple[str, UUID], stream: Readable, name: str, by: Actor, at: Point | None) -> Photo:
    """Compare the photo, store it, note what it says. The very same file for the same thing changes nothing."""
    content = stream.read(MOST_BYTES + 1)
    photo.sha256, photo.added_by = hashlib.sha256(content).digest(), UUID(str(by.uid))
    same = Photo.objects.filter(sha256=photo.sha256).order_by("id")
    mine = same.filter(inspection=photo.inspection, hazard=photo.hazard, item=photo.item, stage=photo.stage)
    if (known := mine.first()) is not None:
        return known
    if photo.stage != Photo.Stage.FOUND and (earlier := same.first()) is not None:
        raise Refused(
            "This very photo was attached on {day} already. Take a new one, on the spot.",
            field="photo", day=civil_date(earlier.added_at),
        )  # fmt: skip
    _check_count(photo)
    about = About(photo.institution.place_key, *subject, purpose="photo of an inspection")
    photo.file_uid = store_bytes(content, kind=KIND, name=name, about=about, by=by).uid
    _say(photo, read(content), at)
    with transaction.atomic():
        photo.same_as = same_picture(photo)
        photo.save(force_insert=True)
        same_as = str(photo.same_as.uid) if photo.same_as else ""
        fact = events.PhotoAttached(photo.uid, institution=str(photo.institution.uid), same_as=same_as)
        record(fact, by=by, place_key=photo.institution.place_key)
    return photo


def _check_count(photo: Photo) -> None:
    known = Photo.objects.filter(inspection=photo.inspection, hazard=photo.hazard).count()
    if known >= MOST_PHOTOS:
        raise Refused("{count} photos are attached; the limit is {limit}.", count=known, limit=MOST_PHOTOS)


def _say(photo: Photo, said: Read, at: Point | None) -> None:
    """What the camera wrote into the picture; where it said no position, the phone's own."""
    photo.taken_at = said.taken_at
    has_own = said.longitude is not None and said.latitude is not None
    if said.longitude is not None and said.latitude is not None:
        at = Point(said.longitude, said.latitude)
    if at is not None:
        photo.longitude, photo.latitude, photo.is_by_phone = at.longitude, at.latitude, not has_own
    if said.bands is not None:
        photo.band_0, photo.band_1, photo.band_2, photo.band_3 = said.bands
    photo.metres_away = metres_from(photo.institution, at)


def same_picture(photo: Photo) -> Photo | None:
    """The earliest photo of the platform that is the same picture, if any. One statement, through the bands."""
    bands = photo.bands
    if bands is None:
        return None
    near = Q(band_0=bands[0]) | Q(band_1=bands[1]) | Q(band_2=bands[2]) | Q(band_3=bands[3])
    mine = from_bands(bands)
    for other in Photo.objects.filter(near).order_by("id")[:500]:
        if other.bands is not None and is_same_picture(mine, from_bands(other.bands)):
            return other
    return None


def open_photo(*, uid: UUID, by: Actor) -> Opened:
    """A photo of an inspection or hazard the actor sees. Raises NotFound for any other."""
    photo = Photo.objects.filter(uid=uid).first()
    if photo is None:
        raise NotFound("photo")
    seen = Inspection.objects.visible_to(by).filter(pk=photo.inspection_id).exists()
    if not seen and not Hazard.objects.visible_to(by).filter(pk=photo.hazard_id).exists():
        raise NotFound("photo")
    if photo.inspection_id:
        kind, subject = "inspection", Inspection.objects.values_list("uid", flat=True).get(pk=photo.inspection_id)
    else:
        kind, subject = "hazard", Hazard.objects.values_list("uid", flat=True).get(pk=photo.hazard_id)
    return open_for(photo.file_uid, subject_kind=kind, subject_uid=subject, by=by)
