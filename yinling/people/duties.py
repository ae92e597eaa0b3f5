"""What the register asks of people: the work items it opens and closes.

Kinds: `people.consent_ends` and `people.guardian_ends` (ask again in time), `people.transfer` (a county waits for the
receipt). `people.left_list` belongs to `services.lists`. Their words are offered in `config/wiring.py`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.clock import now, start_of
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason
from yinling.people import parameters
from yinling.people.models import Consent, Guardian, Person, Transfer
from yinling.people.queries import transfers_of
from yinling.places.queries import tree
from yinling.reference.queries import add_working_days, words
from yinling.worklist.kinds import Kind
from yinling.worklist.models import NextStep, Subject, WorkItem
from yinling.worklist.services import close_item, open_item, void_item

CONSENT_ENDS, GUARDIAN_ENDS, TRANSFER = "people.consent_ends", "people.guardian_ends", "people.transfer"
KINDS = (
    Kind(CONSENT_ENDS, _("Consent running out"), "license"),
    Kind(GUARDIAN_ENDS, _("Guardianship running out"), "license"),
    Kind(TRANSFER, _("Transfer to answer"), "arrows-exchange", closes_by_hand=False),
)
ASK_AGAIN, ASK_FOR_PROOF, ANSWER = _("Ask again"), _("Ask for the proof"), _("Answer it")
RENEWED, TAKEN_BACK, ANSWERED = _("Given anew"), _("Taken back"), _("Answered")
ONE_DAY = dt.timedelta(days=1)
CLERK, COUNTY_CLERK = "township_clerk", "county_clerk"


def about(person: Person) -> Subject:
    """The person as the subject of a duty: the file that stands for all of theirs."""
    return Subject("person", (person.canonical or person).uid)


def asked_about(kind: str, keys: Iterable[UUID]) -> set[str]:
    """Keys for which somebody has been asked already. What fell away (a death taken back since) counts as not asked."""
    items = WorkItem.objects.filter(kind=kind, key__in=[str(key) for key in keys])
    return set(items.exclude(state=WorkItem.State.VOID).values_list("key", flat=True))


def consent_ends(consent: Consent, last: dt.date, *, by: Actor) -> None:
    """A consent counts until a day: the township asks again before."""
    person = consent.person.canonical or consent.person
    open_item(
        kind=CONSENT_ENDS, subject=about(person), key=str(consent.uid), place_key=person.place_key, by=by, role=CLERK,
        title=Reason("The consent “{purpose}” counts until {day}: ask again",
                     purpose=words("consent_purpose", consent.purpose), day=last),
        why=Reason("Given to {recipient}. Without a new one, nobody may rely on it after that day.",
                   recipient=consent.recipient),
        due_at=max(start_of(last + ONE_DAY), now()),
        next_step=NextStep(ASK_AGAIN, "people:consent", (str(person.uid),)),
    )  # fmt: skip


def guardian_ends(guardian: Guardian, *, by: Actor) -> None:
    """A guardianship counts until a day: the township asks for the proof that follows."""
    assert guardian.valid_to is not None
    person = guardian.person.canonical or guardian.person
    open_item(
        kind=GUARDIAN_ENDS, subject=about(person), key=str(guardian.uid), place_key=person.place_key, by=by, role=CLERK,
        title=Reason("The guardianship “{kind}” ends on {day}: ask for the proof that follows",
                     kind=words("guardian_kind", guardian.kind), day=guardian.valid_to),
        due_at=max(start_of(guardian.valid_to), now()),
        next_step=NextStep(ASK_FOR_PROOF, "people:guardian", (str(person.uid),)),
    )  # fmt: skip


def consent_renewed(person: Person, purpose: str, recipient: str, *, by: Actor) -> None:
    """A consent was given anew: whoever was to ask for it has done so."""
    waiting = WorkItem.objects.open().filter(kind=CONSENT_ENDS).about(about(person))
    keys = list(waiting.values_list("key", flat=True))
    for uid in Consent.objects.filter(uid__in=keys, purpose=purpose, recipient=recipient).values_list("uid", flat=True):
        close_item(kind=CONSENT_ENDS, subject=about(person), key=str(uid), by=by, result=RENEWED)


def consent_withdrawn(consent: Consent, *, by: Actor) -> None:
    """Nobody asks again for what the person took back."""
    subject = about(consent.person)
    void_item(kind=CONSENT_ENDS, subject=subject, key=str(consent.uid), by=by, result=TAKEN_BACK)


def guardian_renewed(guardian: Guardian, *, by: Actor) -> None:
    """A new proof of the same guardian is on file."""
    waiting = WorkItem.objects.open().filter(kind=GUARDIAN_ENDS).about(about(guardian.person))
    keys = list(waiting.values_list("key", flat=True))
    for uid in Guardian.objects.filter(uid__in=keys, kin=guardian.kin).values_list("uid", flat=True):
        close_item(kind=GUARDIAN_ENDS, subject=about(guardian.person), key=str(uid), by=by, result=RENEWED)


def guardian_ended(guardian: Guardian, *, by: Actor) -> None:
    """The guardianship is over: there is no proof to ask for."""
    void_item(kind=GUARDIAN_ENDS, subject=about(guardian.person), key=str(guardian.uid), by=by)


def drop_questions(uid: UUID, *, by: Actor) -> int:
    """Nobody asks the dead. Returns how many duties fell away."""
    subject = Subject("person", uid)
    return sum(void_item(kind=kind, subject=subject, by=by) for kind in (CONSENT_ENDS, GUARDIAN_ENDS))


def transfer_sent(transfer: Transfer, *, by: Actor) -> None:
    """The county that a person is offered to gives its receipt."""
    days = parameters.receipt_working_days()
    open_item(
        kind=TRANSFER, subject=Subject("transfer", transfer.uid), place_key=transfer.to_key, by=by, role=COUNTY_CLERK,
        title=Reason("A person comes from {place}: receive the case, or send it back",
                     place=tree().path(transfer.from_key)),
        why=Reason("The receipt is due within {days} working days.", days=days), ladder_key="approval",
        due_at=add_working_days(now(), days),
        next_step=NextStep(ANSWER, "people:answer_transfer", (str(transfer.uid),)),
    )  # fmt: skip


def transfer_answered(transfer: Transfer, *, by: Actor) -> None:
    """The receipt is there, or the case went back."""
    close_item(kind=TRANSFER, subject=Subject("transfer", transfer.uid), by=by, result=ANSWERED)


def transfer_labels(uids: Sequence[UUID], user: Actor) -> Mapping[UUID, tuple[str, str, str]]:
    """Who is offered, to where. One query."""
    places = tree()
    return {
        one.uid: (
            mask_name(one.person.name),
            places.name(one.to_key),
            reverse("people:answer_transfer", args=[one.uid]),
        )
        for one in transfers_of(user).filter(uid__in=uids)
    }
