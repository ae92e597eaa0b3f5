"""The annotated copy of an import, written in the language of whoever uploaded it and kept with the files."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from yinling.files import services as files
from yinling.kernel.clock import now
from yinling.spreadsheets.annotated import write_annotated
from yinling.spreadsheets.importing import actor_of, opened_copy, register_of
from yinling.spreadsheets.marker import Marker
from yinling.spreadsheets.models import Import
from yinling.web.sentences import sentence

SMALL = 20_000  # rows that are annotated within a few seconds, so nobody has to ask for it


def annotate_if_small(uid: UUID | str) -> None:
    """Annotate at once unless the file is large."""
    if Import.objects.get(uid=uid).rows <= SMALL:
        annotate(uid)


def annotate(uid: UUID | str) -> None:
    """Write the copy, keep it, and point the import at it."""
    found = Import.objects.get(uid=uid)
    by = actor_of(found)
    with opened_copy(found) as path, TemporaryDirectory(dir=found.folder, prefix=".annotating-") as scratch:
        target = Path(scratch) / "annotated.xlsx"
        with translation.override(found.language):
            _write(found, path, target, by.label)
        about = files.About(found.place_key, "import", found.uid, "annotated roster")
        name = f"{Path(found.file_name).stem}-{found.uploaded_at:%Y%m%d}.xlsx"
        with target.open("rb") as content:
            stored = files.store(content, kind="result", name=name, about=about, by=by)
    with transaction.atomic():
        Import.objects.filter(uid=uid).update(annotated_uid=stored.uid)


def _write(found: Import, path: Path, target: Path, who: str) -> None:
    kind = register_of(found)
    changed = {key for outcome in found.outcomes().in_order() for key in outcome.changed}
    titles = {key: sentence(kind.title_of(key)) for key in changed}
    layouts = {plan.sheet.index: plan.layout for plan in found.plans() if plan.layout is not None}
    why = _("Outcome of the import of {name}").format(name=found.file_name)
    marker = Marker(what=_(kind.title), who=who, when=now(), why=why, record=str(found.uid))
    write_annotated(path, found.found(), layouts, found.outcomes(), target, marker, titles, sentence)
