"""What others may count of the time bank, per place, on a day, as known at an instant."""

import datetime as dt

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_noop as _

from yinling.kernel.clock import start_of
from yinling.kernel.measures import Measure, PerPlace
from yinling.ledger.models import Account, Posting
from yinling.volunteers.models import Volunteer


def _end(day: dt.date, known_at: dt.datetime) -> dt.datetime:
    return min(start_of(day + dt.timedelta(days=1)), known_at)


def count_volunteers(day: dt.date, known_at: dt.datetime) -> PerPlace:
    """Volunteers accepted and not ended."""
    end = _end(day, known_at)
    rows = Volunteer.objects.filter(Q(state="active") | Q(decided_at__gte=end), applied_at__lt=end)
    found = rows.filter(decided_at__isnull=False).values_list("member__place_key")
    return dict(found.annotate(count=Count("pk")))


def count_hours(day: dt.date, known_at: dt.datetime) -> PerPlace:
    """Whole hours that members hold, from the ledger."""
    newest = Posting.objects.filter(account=OuterRef("pk"), transfer__recorded_at__lt=_end(day, known_at))
    held = Account.objects.filter(book__key="time_bank", kind="saved").annotate(
        balance=Subquery(newest.order_by("-seq").values("balance_after")[:1])
    )
    rows = held.values_list("place_key").annotate(total=Sum(F("balance")))
    return {place: (total or 0) // 60 for place, total in rows if total}


MEASURES = (
    Measure(
        "volunteers", _("Active volunteers"), _("volunteers"), count_volunteers, "volunteers:volunteers",
        more_is_better=True,
    ),
    Measure("hours_saved", _("Hours saved"), _("hours"), count_hours, "volunteers:branches", more_is_better=True),
)  # fmt: skip
