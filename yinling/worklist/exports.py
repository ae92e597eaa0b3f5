"""Late duties as a workbook holds them: of a division, or of one worker there."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.listings import Heading, Listing
from yinling.web.sentences import sentence
from yinling.worklist.lateness import late_duties
from yinling.worklist.permissions import Worklist
from yinling.worklist.showing import divisions_of, worker_words


def _late_duties(by: User, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    division = next(iter(divisions_of(by, address.get("division", ""))), 0)
    for who, duty in late_duties(by, division, address.get("worker", "")):
        why = sentence(duty.why) if duty.why else ""
        due = duty.item.due_at.astimezone(CITY_ZONE)
        yield due, sentence(duty.title), why, duty.label.text, duty.label.place, worker_words(who)


LISTINGS = (
    Listing(
        "late_duties", _("Late duties"),
        (Heading(_("Due"), 18), Heading(_("Duty"), 40), Heading(_("Reason"), 50), Heading(_("About"), 24),
         Heading(_("Place"), 20), Heading(_("Who does it"), 24)),
        _late_duties, (Worklist.SUPERVISE,),
    ),
)  # fmt: skip
