"""What an inspector's telephone may hold: the inspections of this week that one is sent on, and their checklists.

A home does not learn from it that somebody is coming: only whoever is sent holds it. Signed or void, it is dropped.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from yinling.accounts.models import User
from yinling.inspections import queries
from yinling.inspections.models import Checklist, Finding, Inspection
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules import inspecting as rules
from yinling.inspections.rules.checklists import basis_words
from yinling.kernel.clock import civil_date
from yinling.places.queries import tree
from yinling.sync.registry import Feed
from yinling.web.sentences import sentence

MOST_INSPECTIONS, MOST_CHECKLISTS = 40, 20
AHEAD = dt.timedelta(days=7)


def inspections_on(user: User) -> "QuerySet[Inspection]":
    """The inspections that a user's phone may hold: late ones, today's, those of the week."""
    if not user.may(Inspections.INSPECT):
        return Inspection.objects.none()
    return queries.sent_on(user, civil_date() + AHEAD)


def _inspection_uids(user: User) -> Sequence[UUID]:
    return list(inspections_on(user).values_list("uid", flat=True)[:MOST_INSPECTIONS])


def _inspections(uids: Sequence[UUID], user: User) -> Mapping[UUID, dict[str, Any]]:
    rows = Inspection.objects.filter(uid__in=uids).select_related("institution", "checklist")
    found = list(rows.prefetch_related(Prefetch("findings", Finding.objects.order_by("id"))))
    last = queries.last_inspections({one.institution_id for one in found}, user)
    return {one.uid: _inspection(one, last.get(one.institution_id)) for one in found}


def _inspection(one: Inspection, last: Inspection | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "home": one.institution.name, "place": tree().name(one.place_key), "address": one.institution.address,
        "no": one.number, "kind": str(one.get_kind_display()), "day": str(one.planned_on),
        "list": str(one.checklist.uid),
        "given": {row.item: [row.answer, row.note] for row in one.findings.all()},
    }  # fmt: skip
    if one.state == rules.FIRST_SIGNED:
        made["signed"] = True
    if last is not None and last.signed_at is not None:
        made["last"] = [str(civil_date(last.signed_at)), _not_in_order(last)]
    return made


def _not_in_order(last: Inspection) -> list[list[str]]:
    """What was not in order last time: the item, its text, what was seen."""
    asked = last.checklist.questions.items
    return [
        [row.item, sentence(asked[row.item].text), row.note]
        for row in last.findings.all()
        if row.answer == rules.NO and row.item in asked
    ]


def _checklist_uids(user: User) -> Sequence[UUID]:
    held = inspections_on(user).values_list("checklist__uid", flat=True)[:MOST_INSPECTIONS]
    return list(dict.fromkeys(held))


def _checklists(uids: Sequence[UUID], user: User) -> Mapping[UUID, dict[str, Any]]:
    return {one.uid: _checklist(one) for one in Checklist.objects.filter(uid__in=uids)}


def _checklist(one: Checklist) -> dict[str, Any]:
    """Items that are asked, under their headings, and how they may be answered."""
    asked = one.questions
    return {
        "title": sentence(asked.title),
        "answers": [[value, str(words)] for value, words in Finding.Answer.choices],
        "groups": [
            [sentence(group.title), [[item.key, sentence(item.text), sentence(basis_words(item.basis))]
                                     for item in group.asked]]
            for group in asked.groups if group.asked
        ],
    }  # fmt: skip


FEEDS = (
    Feed("inspection", MOST_INSPECTIONS, _inspection_uids, _inspections),
    Feed("checklist", MOST_CHECKLISTS, _checklist_uids, _checklists),
)
