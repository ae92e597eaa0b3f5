"""Reads of packs: what is loaded, what lies on disk, what still has to be verified."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.reasons import Reason
from yinling.packs.folders import Folder, packs_in, read_folder
from yinling.packs.models import Load, Pack
from yinling.reference.queries import Unverified, unverified_by_pack

NOTHING = Unverified(0, 0)


@dataclass(frozen=True)
class Row:
    """One pack: as loaded (None: not yet), as on disk (None: gone, or at fault), and what is unverified in it."""

    key: str
    loaded: Pack | None
    folder: Folder | None
    fault: Reason | None
    unverified: Unverified
    is_newer: bool


def overview() -> list[Row]:
    """All packs, loaded or on disk, by key."""
    loaded = {pack.key: pack for pack in Pack.objects.all()}
    doubtful = unverified_by_pack()
    on_disk = {path.name: path for path in packs_in(Path(settings.PACKS_DIR))}
    return [_row(key, loaded.get(key), on_disk.get(key), doubtful) for key in sorted({*loaded, *on_disk})]


def _row(key: str, pack: Pack | None, path: Path | None, doubtful: dict[str, Unverified]) -> Row:
    folder, fault, is_newer = None, None, False
    if path is not None:
        try:
            folder = read_folder(path)
            is_newer = pack is None or folder.digest() != pack.digest
        except Refused as refusal:
            fault = refusal.reason
    return Row(key, pack, folder, fault, doubtful.get(key, NOTHING), is_newer)


def pack_path(key: str) -> Path:
    """The folder of a pack on disk. Raises NotFound."""
    found = next((path for path in packs_in(Path(settings.PACKS_DIR)) if path.name == key), None)
    if found is None:
        raise NotFound("pack")
    return found


def loads(key: str) -> list[Load]:
    """The last loads of a pack, newest first."""
    return list(Load.objects.filter(pack__key=key).order_by("-id")[:20])
