"""What a phone is told: documents to keep, documents to drop, so that it holds what its user may hold and nothing else.

The comparison is one of states, so nothing depends on the order of events; the sealer's number says when it may be
left out. Whatever a transaction wrote that this answer has not seen carries a change that is not sealed yet, or gets a
greater number: then the next contact compares again. No row is ever skipped.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from yinling.accounts.models import User
from yinling.kernel.clock import civil_date
from yinling.kernel.models import Change
from yinling.sync import registry, rules
from yinling.sync.models import Holding, Phone
from yinling.sync.registry import Document
from yinling.sync.rules import Held, Key

MOST_TRIES = 3


@dataclass(frozen=True)
class Answer:
    """`after`: the answer the phone had stored; it takes this one only then. `is_full`: it replaces everything."""

    number: int
    answer: int
    after: int
    is_full: bool = False
    put: dict[str, dict[str, Document]] = field(default_factory=dict)
    drop: dict[str, list[str]] = field(default_factory=dict)


def tell(*, phone: Phone, stored: int) -> Answer:
    """What to say to a phone that has stored every answer up to `stored`."""
    for _try in range(MOST_TRIES):
        if (answer := _tell(phone, stored)) is not None:
            return answer
        phone.refresh_from_db()
    return Answer(phone.number, stored, stored)  # two windows of one phone at once: the next contact says it


def _tell(phone: Phone, stored: int) -> Answer | None:
    number, today, user = _sealed_up_to(), civil_date(), phone.user
    anew = rules.is_full(stored=stored, sent=phone.answer, read_on=phone.read_on, today=today)
    is_quiet = number == phone.number and phone.read_on == today and not _is_anything_unsealed()
    if is_quiet and stored == phone.answer and not anew:
        return Answer(number, stored, stored)
    documents = documents_of(user)
    told = {(one.kind, one.uid): Held(one.digest, one.answer) for one in phone.holdings.all()}
    digests = {key: rules.digest(found) for key, found in documents.items()}
    turn = rules.turn(digests, told, stored, is_full=anew)
    if not anew and not turn.put and not turn.drop:
        Phone.objects.filter(pk=phone.pk, answer=phone.answer).update(number=number, read_on=today)
        return Answer(number, stored, stored)
    for feed in registry.feeds():
        if fresh := [uid for kind, uid in turn.put if kind == feed.kind]:
            feed.sent(fresh, user)
    if not _keep(phone, turn, digests, number, stored, anew):
        return None
    answer = Answer(number, phone.answer + 1, stored, anew)
    for kind, uid in turn.put:
        answer.put.setdefault(kind, {})[str(uid)] = documents[kind, uid]
    for kind, uid in turn.drop:
        answer.drop.setdefault(kind, []).append(str(uid))
    return answer


def documents_of(user: User) -> dict[Key, Document]:
    """All that a user's phone may hold now: nothing for an account that is closed."""
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        return {}
    found: dict[Key, Document] = {}
    for feed in registry.feeds():
        uids = list(feed.held_by(user))[: feed.most]
        found |= {(feed.kind, uid): dict(one) for uid, one in feed.documents(uids, user).items()}
    return found


@transaction.atomic
def _keep(phone: Phone, turn: rules.Turn, digests: dict[Key, str], number: int, stored: int, anew: bool) -> bool:
    """Note what is said, under the next answer's number. False when another answer was given meanwhile."""
    following = phone.answer + 1
    values: dict[str, Any] = {"answer": following, "number": number, "read_on": civil_date()}
    if not Phone.objects.active().filter(pk=phone.pk, answer=phone.answer).update(**values):
        return False
    if anew:
        Holding.objects.filter(phone=phone).delete()
    else:
        Holding.objects.filter(phone=phone, digest="", answer__lte=stored).delete()
    rows = [_holding(phone, key, digests[key], following) for key in turn.put]
    rows += [_holding(phone, key, "", following) for key in turn.drop]
    Holding.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["phone", "kind", "uid"], update_fields=["digest", "answer"]
    )
    return True


def _holding(phone: Phone, key: tuple[str, UUID], digest: str, answer: int) -> Holding:
    return Holding(phone=phone, kind=key[0], uid=key[1], digest=digest, answer=answer)


def _sealed_up_to() -> int:
    return Change.objects.aggregate(last=Max("number"))["last"] or 0


def _is_anything_unsealed() -> bool:
    return Change.objects.filter(number__isnull=True).exists()
