"""A visitor presses the red button: a duty of the township with a short clock. The telephone offers to call as well."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_noop as _

from yinling.care.models import Visitor
from yinling.kernel.actors import Actor
from yinling.kernel.reasons import Reason
from yinling.places.queries import tree
from yinling.worklist.kinds import Kind
from yinling.worklist.models import Subject
from yinling.worklist.services import open_item

HELP = "care.help_called"
KINDS = (Kind(HELP, _("A visitor calls for help"), "phone-call"),)
WITHIN = dt.timedelta(minutes=10)


def help_called(visitor: Visitor, call_uid: UUID, *, at: dt.datetime, by: Actor) -> None:
    """Open the duty. The same call again changes nothing."""
    open_item(
        kind=HELP, subject=Subject("visitor", visitor.uid), key=str(call_uid), by=by, role="township_clerk",
        place_key=visitor.place_key, ladder_key="home_bed_call", due_at=at + WITHIN,
        title=Reason("Call the visitor back at once"), why=Reason("Pressed the red button on the telephone"),
    )  # fmt: skip


def labels(uids: Sequence[UUID], user: Actor) -> Mapping[UUID, tuple[str, str, str]]:
    """Visitors by name and village."""
    places = tree()
    found = Visitor.objects.visible_to(user).filter(uid__in=uids)
    return {one.uid: (one.name, places.name(one.place_key), "") for one in found}


RESOLVERS = {"visitor": labels}
