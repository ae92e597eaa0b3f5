"""A rule that is wrong more often than right is named to its owner, until it is changed or right again."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.reasons import Reason
from yinling.places.queries import city
from yinling.supervision import rules
from yinling.supervision.duties import NOISY_RULE
from yinling.supervision.models import Alert, Rule
from yinling.worklist.models import NextStep, Subject, WorkItem
from yinling.worklist.services import close_item, open_item

YEAR = dt.timedelta(days=365)
SEE_RULE = _("Open the rule")


def name_noisy_rules(*, by: Actor) -> int:
    """Open a duty for the owner of every noisy rule, end those of rules that are no longer. Returns how many are noisy.

    Alerts count for the version of the rule that raised them: a changed rule begins anew. Again changes nothing.
    """
    noisy = _noisy()
    for rule, record in noisy:
        with transaction.atomic():
            _name(rule, record, by)
    uids = {rule.uid for rule, _record in noisy}
    for item in WorkItem.objects.open().filter(kind=NOISY_RULE).exclude(subject_uid__in=uids):
        with transaction.atomic():
            close_item(kind=NOISY_RULE, subject=Subject("rule", item.subject_uid), by=by)
    return len(noisy)


def _noisy() -> list[tuple[Rule, rules.Record]]:
    """Two statements."""
    found = Alert.objects.filter(detected_at__gte=now() - YEAR, verified_at__isnull=False, rule__superseded_at=None)
    counts = found.values_list("rule").annotate(verified=Count("id"), right=Count("id", filter=Q(is_false=False)))
    records = {rule: rules.Record(verified, right) for rule, verified, right in counts.order_by()}
    current = Rule.objects.current().filter(pk__in=records).order_by("key")
    return [(rule, records[rule.pk]) for rule in current if records[rule.pk].is_noisy]


def _name(rule: Rule, record: rules.Record, by: Actor) -> None:
    open_item(
        kind=NOISY_RULE, subject=Subject("rule", rule.uid), place_key=city().key, role=rule.owner, by=by,
        title=Reason("Rule “{what}” is wrong more often than right", what=rule.title),
        why=Reason("{right} of {verified} verified alerts were true", right=record.right, verified=record.verified),
        next_step=NextStep(SEE_RULE, "supervision:rule", (rule.key,)),
    )  # fmt: skip
