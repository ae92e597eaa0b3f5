"""Reactions to facts. Each may arrive twice."""

from yinling.kernel.models import Change
from yinling.worklist.models import WorkItem
from yinling.worklist.telling import tell_of_rise


def on_raised(change: Change) -> None:
    """A duty climbed its ladder: whoever answers now is told, and whoever had it."""
    item = WorkItem.objects.select_related("user").filter(uid__in=[change.subject_uid]).first()
    if item is not None:
        tell_of_rise(item, change.data["step"])
