"""Reads of files: what there is about a thing. Looking inside is `services.open_file`."""

from uuid import UUID

from yinling.files.models import StoredFile
from yinling.kernel.actors import Actor
from yinling.kernel.errors import NotFound


def files_about(subject_kind: str, subject_uid: UUID, *, by: Actor) -> list[StoredFile]:
    """The files of a thing that the actor sees, newest first, erased ones left out."""
    return list(StoredFile.objects.visible_to(by).present().about(subject_kind, subject_uid).order_by("-id"))


def newest(subject_kind: str, subject_uid: UUID, kind: str) -> StoredFile | None:
    """The newest file of one kind about a thing (a person's portrait), for callers whose own scope let them in."""
    return StoredFile.objects.present().about(subject_kind, subject_uid).filter(kind=kind).order_by("-id").first()


def stored_file(uid: UUID, *, by: Actor) -> StoredFile:
    """One file the actor sees. Raises NotFound."""
    found = StoredFile.objects.visible_to(by).filter(uid=uid).first()
    if found is None:
        raise NotFound("file")
    return found
