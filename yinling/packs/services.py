"""Load packs: say beforehand what would change, change it whole or not at all, keep on record what was changed."""

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.errors import Refused
from yinling.packs.events import PackLoaded
from yinling.packs.folders import Folder, in_order, read_folder
from yinling.packs.models import Load, Pack
from yinling.packs.parts import Line, Source, offered
from yinling.packs.permissions import Packs

MOST_LINES_KEPT = 500


@dataclass(frozen=True)
class Preview:
    """What loading a pack would do, or did. `left`: files that no part takes."""

    folder: Folder
    lines: tuple[Line, ...]
    left: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """How many differences of each part and kind: {"parameters added": 42}."""
        return dict(Counter(f"{line.part} {line.kind}" for line in self.lines))


def preview(path: Path, *, by: Actor) -> Preview:
    """What loading the pack in this folder would do now. Raises Refused naming the file and line at fault."""
    require(by, Packs.READ)
    folder = read_folder(path)
    sources, left = _sources(folder, _layer(folder))
    lines = [line for source in sources for line in offered()[source.part].preview(source)]
    return Preview(folder, tuple(lines), left)


@transaction.atomic
def load_pack(path: Path, *, by: Actor) -> Preview:
    """Bring a pack's files into the modules. Returns what was done; loading again does nothing. Raises Refused."""
    require(by, Packs.LOAD)
    folder = read_folder(path)
    layer = _layer(folder)
    sources, left = _sources(folder, layer)
    lines = [line for source in sources for line in offered()[source.part].load(source, by)]
    done = Preview(folder, tuple(lines), left)
    _keep_on_record(done, layer, by)
    return done


def load_all(by: Actor, *, root: Path | None = None, city: str | None = None) -> list[Preview]:
    """Load the city's pack and all it requires, each in a transaction. Called at first start and by `city build`."""
    folders = in_order(root or Path(settings.PACKS_DIR), city or settings.CITY_PACK)
    return [load_pack(folder.path, by=by) for folder in folders]


def _layer(folder: Folder) -> int:
    """One above the highest pack it requires: a city's values stand before the nation's."""
    if not folder.requires:
        return 0
    held = dict(Pack.objects.filter(key__in=folder.requires).values_list("key", "layer"))
    if missing := [key for key in folder.requires if key not in held]:
        raise Refused("{pack} requires {missing}. Load that first.", pack=folder.key, missing=missing[0])
    return 1 + max(held.values())


def _sources(folder: Folder, layer: int) -> tuple[list[Source], tuple[str, ...]]:
    """The files that a part takes, divisions first, and those that none does."""
    taken = [Source(folder, part, file, layer) for part, file in folder.files if part in offered()]
    left = tuple(file for part, file in folder.files if part not in offered())
    return sorted(taken, key=lambda source: offered()[source.part].order), left


def _keep_on_record(done: Preview, layer: int, by: Actor) -> None:
    folder, digest = done.folder, done.folder.digest()
    held = Pack.objects.filter(key=folder.key).first()
    if held is not None and not done.lines and (held.version, held.digest) == (folder.version, digest):
        return
    about = {"zh": folder.zh, "en": folder.en, "source": folder.source[:500], "layer": layer}
    fields = about | {"version": folder.version, "digest": digest}
    pack, _ = Pack.objects.update_or_create(key=folder.key, defaults=fields)
    Load.objects.create(
        pack=pack,
        version=folder.version,
        digest=digest,
        counts=done.counts(),
        lines=[asdict(line) for line in done.lines[:MOST_LINES_KEPT]],
        loaded_by=UUID(str(by.uid)),
        loaded_by_label=by.label[:120],
    )
    record(PackLoaded(pack.uid, folder.key, folder.version, len(done.lines)), by=by, content={"digest": digest})
