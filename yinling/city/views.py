"""The page that says what in this demonstration is fact and what is invented, and the sample rosters."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.city.building import SAMPLES
from yinling.city.facts import compare, facts
from yinling.city.models import Build
from yinling.city.parameters import marked_blocks, read_parameters
from yinling.city.samples import SUFFIXES
from yinling.city.words import BLOCKS, MARKS
from yinling.kernel.errors import NotFound


@login_required
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Scale and seed, each fact beside its count, what is invented, and rosters to try the import with."""
    build = Build.objects.order_by("id").last()
    scale = build.scale if build else 1.0
    counted = build.counted if build else {}
    context = {
        "build": build,
        "percent": round(scale * 100, 2),
        "rows": [compare(fact, counted.get(fact.key), scale) for fact in facts()],
        "marks": [
            {"mark": _(MARKS[mark]), "blocks": [_(BLOCKS.get(block, block)) for block in blocks]}
            for mark, blocks in marked_blocks(read_parameters(settings.PACKS_DIR, settings.CITY_PACK)).items()
        ],
        "samples": sorted(path.name for path in _folder().glob("*") if path.suffix in SUFFIXES),
    }
    return render(request, "city/about.html", context)


@login_required
@require_GET
def sample(request: HttpRequest, name: str) -> FileResponse:
    """One sample roster. Raises NotFound for any other name."""
    found = next((path for path in _folder().glob("*") if path.name == name and path.suffix in SUFFIXES), None)
    if found is None:
        raise NotFound("file")
    return FileResponse(found.open("rb"), as_attachment=True, filename=found.name)


def _folder() -> Path:
    return Path(settings.HOME) / SAMPLES
