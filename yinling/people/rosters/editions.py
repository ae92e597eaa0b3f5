"""Who stands on the edition of a list that a file is, and what the import page tells of it afterwards.

An edition is of a month (named in the source, the file's name or a sheet's; else the month of the upload) and of the
division chosen at upload. A row that cannot be read for certain keeps its name on record, so that nobody counts as
gone whose row was merely dirty.
"""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.kernel.names import name_key
from yinling.kernel.reasons import Reason
from yinling.people.cards import with_document
from yinling.people.models import ListEdition, Person
from yinling.people.rosters.elders import Row, finder_for
from yinling.people.rosters.rules import month_of
from yinling.people.rules import RESIDENT_ID
from yinling.people.services.lists import LEFT_LIST, ListedRow, note_rows
from yinling.reference.queries import parameter
from yinling.spreadsheets.models import Import
from yinling.spreadsheets.registers import Aftermath, Context, Link

Whom = tuple[Row, Person | None, Person | None]
"""A row, the person it is about for sure, the person it may be about."""


def keep_on_record(register: str, rows: Iterable[Whom], context: Context) -> None:
    """Put a batch onto its edition. A file without a division of its own is no edition: nothing can be missing."""
    if context.import_uid is None or not context.place_key:
        return
    found = Import.objects.get(uid=context.import_uid)
    sheets = [plan.sheet.name for plan in found.plans()]
    note_rows(
        register=register, place_key=context.place_key, import_uid=context.import_uid, source=context.source,
        month=month_of([found.source, found.file_name, *sheets], context.today),
        rows=[_listed(row, person, perhaps, context) for row, person, perhaps in rows],
    )  # fmt: skip


def _listed(row: Row, person: Person | None, perhaps: Person | None, context: Context) -> ListedRow:
    place = row.place(finder_for(context))
    known = person or _by_number(row)
    village = place if isinstance(place, int) else known.place_key if known else 0
    if known is not None:
        return ListedRow(known.pk, "", village)
    return ListedRow(None, perhaps.name_key if perhaps else name_key(row.get("name") or ""), village)


def _by_number(row: Row) -> Person | None:
    """Whom the number of a row names that is refused for something else, such as two names in one cell."""
    number = row.get("document_number")
    return with_document(RESIDENT_ID, number).first() if number else None


def aftermath_of(import_uid: UUID) -> Aftermath | None:
    """How many have left the list with this edition, where it was compared and where not."""
    edition = ListEdition.objects.filter(files__import_uid=import_uid).first()
    if edition is None:
        return None
    month = f"{edition.month:%Y-%m}"
    if edition.judged_at is None:
        waiting = Reason("Read as the edition of {month}. Who has left the list is being worked out.", month=month)
        return Aftermath((waiting, Reason("Load the page again in a moment.")))
    told = [Reason("Read as the edition of {month}, compared in {count} townships.", month=month,
                   count=len(edition.covered))]  # fmt: skip
    if edition.left:
        told.append(Reason("{count} persons who stood on the list are on it no longer. Each is to be checked; nobody's "
                           "benefit ends by that.", count=edition.left))  # fmt: skip
    else:
        told.append(Reason("Nobody has left the list."))
    if edition.unclear:
        told.append(Reason("{count} more may be in rows that could not be read. Correct those rows and upload the file "
                           "again.", count=len(edition.unclear)))  # fmt: skip
    if edition.not_covered:
        told.append(Reason("{count} townships were not compared: the file holds fewer than {share} % of those who "
                           "stood there before, or a later edition is here already.", count=len(edition.not_covered),
                           share=int(parameter("department_list.least_share_percent"))))  # fmt: skip
    link = Link(_("Open the checks"), f"{reverse('worklist:mine')}?kind={LEFT_LIST}") if edition.left else None
    return Aftermath(tuple(told), link)
