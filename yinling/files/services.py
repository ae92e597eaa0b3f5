"""Put files in, look into them, take them out."""

import base64
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from yinling.files import pictures, vault
from yinling.files.events import FileErased, FileOpened, FileStored
from yinling.files.kinds import HEIC, KINDS, Kind
from yinling.files.models import Blob, StoredFile
from yinling.files.permissions import Files
from yinling.files.sniffing import HEAD_BYTES, media_type
from yinling.kernel import crypto
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.keyring import keyring
from yinling.kernel.uids import new_uid

ABANDONED = dt.timedelta(hours=6)  # no upload takes longer; what is older was left by a process that died
BATCH = 200


@dataclass(frozen=True)
class About:
    """What a file belongs to, why it is kept and until when (None: as long as its subject)."""

    place_key: int
    subject_kind: str = ""
    subject_uid: UUID | None = None
    purpose: str = ""
    keep_until: dt.date | None = None


def store(
    stream: vault.Readable, *, kind: str, name: str, about: About, by: Actor, uid: UUID | None = None
) -> StoredFile:
    """Keep a stream. Its type is read from its content. Raises Refused for a wrong type, or too large, or empty.

    A picture is kept without what its camera wrote into it (`pictures`), so the digest is that of the clean one.
    The content is written before the transaction of the row, so a large upload holds up no other writer. The same
    `uid` again returns the file that is there. Whether `by` may put something here is for the caller's service to say.
    """
    if uid is not None and (known := StoredFile.objects.filter(uid=uid).first()):
        return known
    wanted = KINDS[kind]
    found_type, whole = _sniffed(stream, wanted, name)
    if found_type in pictures.WRITTEN_ANEW:
        whole = _clean(whole, wanted, found_type, name)
    blob_name = new_uid().hex
    try:
        written = vault.write(whole, _path(blob_name), most_bytes=wanted.most_bytes, cipher=keyring().cipher)
    except vault.TooLarge:
        raise _too_large(wanted, name) from None
    return _keep(blob_name, written, wanted, found_type, _short(name), about, by, uid)


def store_bytes(
    content: bytes, *, kind: str, name: str, about: About, by: Actor, uid: UUID | None = None
) -> StoredFile:
    """Keep a small content that is in memory: a signature, a generated form."""
    return store(io.BytesIO(content), kind=kind, name=name, about=about, by=by, uid=uid)


def _too_large(kind: Kind, name: str) -> Refused:
    return Refused(
        "{name} is larger than {limit_mib} MB, the limit for this kind of file. Make it smaller, or split it.",
        name=_short(name), limit_mib=kind.most_bytes // (1024 * 1024),
    )  # fmt: skip


def _clean(whole: vault.Readable, kind: Kind, found_type: str, name: str) -> vault.Readable:
    """The picture upright and without what its camera wrote into it."""
    taken = io.BytesIO()
    while taken.tell() <= kind.most_bytes and (part := whole.read(vault.CHUNK)):
        taken.write(part)
    if taken.tell() > kind.most_bytes:
        raise _too_large(kind, name)
    try:
        return io.BytesIO(pictures.clean(taken.getvalue(), found_type))
    except pictures.Unreadable:
        raise Refused(
            "{name} cannot be opened as a picture. Take it again, or choose another.", name=_short(name)
        ) from None
    except pictures.TooManyPixels as found:
        raise Refused(
            "{name} has {millions} million pixels; the limit is {limit}. Take it at a lower resolution.",
            name=_short(name), millions=found.pixels // 10**6, limit=pictures.MOST_PIXELS // 10**6,
        ) from None  # fmt: skip


class _Rejoined:
    """The bytes already read, then the rest of the stream."""

    def __init__(self, head: bytes, stream: vault.Readable) -> None:
        self.head, self.stream = io.BytesIO(head), stream

    def read(self, size: int = -1, /) -> bytes:
        return self.head.read(size) or self.stream.read(size)


def _sniffed(stream: vault.Readable, kind: Kind, name: str) -> tuple[str, vault.Readable]:
    head = b""
    while len(head) < HEAD_BYTES and (part := stream.read(HEAD_BYTES - len(head))):
        head += part
    if not head:
        raise Refused("{name} is empty. Choose the file again.", name=_short(name))
    found = media_type(head)
    if found == HEIC:
        raise Refused(
            "{name} is a HEIC picture, which few browsers can show. Choose it from the phone's photo library, which "
            "sends it as JPEG; or set the camera to the most compatible format and take it again.",
            name=_short(name),
        )  # fmt: skip
    if found not in kind.types:
        raise Refused(
            "{name} is {found}, which cannot be kept as this kind of file. It may be: {allowed}.",
            name=_short(name), found=found or "of an unknown type", allowed=", ".join(_plain(t) for t in kind.types),
        )  # fmt: skip
    return found, _Rejoined(head, stream)


def _plain(found: str) -> str:
    """image/jpeg as JPEG."""
    return found.rpartition("/")[2].rpartition(".")[2].rpartition("-")[2].upper()


def _short(name: str) -> str:
    """A name without folders, control characters and excess."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in bare if character.isprintable())[:200] or "file"


def _keep(
    blob_name: str,
    written: vault.Written,
    kind: Kind,
    found_type: str,
    name: str,
    about: About,
    by: Actor,
    uid: UUID | None,
) -> StoredFile:
    """Write the rows. When the same content is there already, the new copy is thrown away."""
    try:
        with transaction.atomic():
            blob = _blob(blob_name, written)
            stored = StoredFile.objects.create(
                **({"uid": uid} if uid else {}), kind=kind.key, name=name, media_type=found_type, size=written.size,
                sha256=written.sha256, blob=blob, is_protected=kind.is_protected, uploaded_by=UUID(str(by.uid)),
                place_key=about.place_key, subject_kind=about.subject_kind, subject_uid=about.subject_uid,
                purpose=about.purpose, keep_until=about.keep_until,
            )  # fmt: skip
            event = FileStored(stored.uid, kind.key, f"{about.subject_kind}:{about.subject_uid or ''}", written.size)
            record(event, by=by, place_key=about.place_key, content={"sha256": written.sha256.hex()})
    except BaseException:
        _path(blob_name).unlink(missing_ok=True)
        raise
    if blob.name != blob_name:
        _path(blob_name).unlink(missing_ok=True)
    return stored


def _blob(name: str, written: vault.Written) -> Blob:
    held = Blob.objects.select_for_update().filter(sha256=written.sha256).first()
    if held is not None:
        return held
    blob = Blob(name=name, sha256=written.sha256, size=written.size)
    blob.key = crypto.seal(base64.b64encode(written.key).decode(), blob.key_place)
    try:
        with transaction.atomic():
            blob.save()
    except IntegrityError:  # another upload of the same content was a moment faster
        return Blob.objects.select_for_update().get(sha256=written.sha256)
    return blob


@dataclass(frozen=True)
class Opened:
    """A file that may be read: its row, and its content in chunks."""

    file: StoredFile
    chunks: Iterator[bytes]

    def content(self) -> bytes:
        """All of it, for small files."""
        return b"".join(self.chunks)


def open_file(uid: UUID, *, by: Actor, reason: str = "") -> Opened:
    """A file the actor may see, its content proved whole first. Looks into protected files are recorded."""
    stored = StoredFile.objects.visible_to(by).select_related("blob").one(uid=uid)
    return _open(stored, by, reason)


def open_for(
    uid: UUID, *, subject_kind: str, subject_uid: UUID, by: Actor, reason: str = "", inquiry: str = ""
) -> Opened:
    """A file of a subject that the caller's own scope let the actor see (through a grant, not a division).

    `inquiry`: the open inquiry into abuse that the look belongs to; the log of looks holds it back until it closes.
    """
    stored = StoredFile.objects.about(subject_kind, subject_uid).select_related("blob").one(uid=uid)
    return _open(stored, by, reason, inquiry)


def _open(stored: StoredFile, by: Actor, reason: str, inquiry: str = "") -> Opened:
    if stored.blob is None:
        raise Refused("{name} was erased on {day}.", name=stored.name, day=civil_date(stored.erased_at))
    key = base64.b64decode(crypto.unseal(stored.blob.key, stored.blob.key_place))
    path = _path(stored.blob.name)
    try:
        vault.check(path, key, stored.blob.name)
    except vault.Altered:
        raise Refused(
            "{name} is damaged on the server and is not shown. Tell the system administrator.", name=stored.name
        ) from None
    if stored.is_protected:
        event = FileOpened(stored.uid, f"{stored.subject_kind}:{stored.subject_uid or ''}", inquiry)
        record(event, by=by, place_key=stored.place_key, reason=reason)
    return Opened(stored, vault.read(path, key, stored.blob.name))


@transaction.atomic
def erase(uid: UUID, *, reason: str, by: Actor) -> StoredFile:
    """Take a file's content out for good. The row and the digest stay, as proof of what was there."""
    stored = StoredFile.objects.visible_to(by).select_for_update().one(uid=uid)
    if str(stored.uploaded_by) != str(by.uid):
        require(by, Files.ERASE, stored.place_key)
    if not reason.strip():
        raise Refused("Say why the file is erased.", field="reason")
    _erase(stored, reason, by)
    return stored


def erase_expired(on: dt.date, *, by: Actor) -> int:
    """Erase files whose term has ended, in batches. Returns how many. Run every night; again changes nothing."""
    count = 0
    while ids := list(StoredFile.objects.present().filter(keep_until__lte=on).values_list("pk", flat=True)[:BATCH]):
        for pk in ids:
            with transaction.atomic():
                stored = StoredFile.objects.select_for_update().get(pk=pk)
                _erase(stored, f"term ended {stored.keep_until}", by)
            count += 1
    return count


def _erase(stored: StoredFile, reason: str, by: Actor) -> None:
    blob = stored.blob
    if blob is None:
        return
    stored.blob, stored.erased_at = None, now()
    stored.save(update_fields=["blob", "erased_at"])
    Blob.objects.select_for_update().get(pk=blob.pk)
    if not blob.files.exists():
        path = _path(blob.name)
        blob.delete()  # and with it the only key to the content
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
    record(FileErased(stored.uid, bytes(stored.sha256).hex()), by=by, place_key=stored.place_key, reason=reason)


def sweep(*, older_than: dt.timedelta = ABANDONED) -> list[str]:
    """Remove what dead processes left: parts, and blobs that no row knows. Returns their names. The doctor calls it."""
    before = (now() - older_than).timestamp()
    removed = []
    for path in sorted(Path(settings.FILES_DIR).glob("*/*")):
        if path.stat().st_mtime >= before:
            continue
        if path.suffix == vault.PART or not Blob.objects.filter(name=path.name).exists():
            path.unlink(missing_ok=True)
            removed.append(path.name)
    return removed


def faults(limit: int | None = None) -> list[str]:
    """Blobs that are missing or altered, by name. The doctor calls it; reads every byte unless limited."""
    found = []
    for blob in Blob.objects.order_by("-id")[:limit]:
        key = base64.b64decode(crypto.unseal(blob.key, blob.key_place))
        try:
            vault.check(_path(blob.name), key, blob.name)
        except vault.Altered:
            found.append(blob.name)
    return found


def _path(blob_name: str) -> Path:
    """Two letters of the name make a folder: none holds more than a few thousand files."""
    return Path(settings.FILES_DIR) / blob_name[-2:] / blob_name


def reseal_keys(limit: int = 1000) -> int:
    """Seal the data keys of blobs with the current key of the ring. Returns how many; call until it returns 0."""
    current = keyring().current
    stale = [blob for blob in Blob.objects.order_by("id").iterator() if crypto.sealed_with(blob.key) != current]
    for blob in stale[:limit]:
        key = crypto.seal(crypto.unseal(blob.key, blob.key_place), blob.key_place)
        Blob.objects.filter(pk=blob.pk).update(key=key)
    return len(stale[:limit])
