"""Long work: take a roster's rows, write its annotated copy."""

from typing import Any

from yinling.kernel.jobs import Progress, kind
from yinling.spreadsheets import annotating, importing

IMPORT, ANNOTATE = "spreadsheets.import", "spreadsheets.annotate"


@kind(IMPORT)
def import_rows(progress: Progress) -> dict[str, Any]:
    """Take the rows; a file of ordinary size gets its annotated copy at once."""
    counts = importing.import_rows(progress)
    annotating.annotate_if_small(progress.arguments["import"])
    return counts


@kind(ANNOTATE)
def annotate(progress: Progress) -> None:
    """Write the annotated copy of an import that has ended."""
    annotating.annotate(progress.arguments["import"])
