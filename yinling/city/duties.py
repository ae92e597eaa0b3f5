"""What waits on the desks of a new demonstration city: doubts, transfers, changes of ability, gaps in files, papers.

Each is opened by the service that would open it on a working day. Only the gaps are the city's own: facts that the
generated register does not hold, which somebody on the spot would be asked for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.assessments import rules as assessment_rules
from yinling.assessments.services.certificates import register_certificate
from yinling.assessments.services.drafting import plan_assessment
from yinling.assessments.services.expiring import report_change_of_condition
from yinling.institutions.services import remind_of_certificates, remind_of_licences
from yinling.kernel.actors import Actor
from yinling.kernel.clock import start_of
from yinling.kernel.reasons import Reason
from yinling.kernel.scope import within
from yinling.people import rules as people_rules
from yinling.people.models import Person
from yinling.people.rules import Checked, Entry
from yinling.people.services import apply_entries, open_grant, send_transfer
from yinling.places.queries import key_ranges, tree
from yinling.worklist.kinds import Kind
from yinling.worklist.models import NextStep, Subject
from yinling.worklist.services import escalate_due, open_item

TELEPHONE, DOCUMENT, RESIDENCE = "city.telephone", "city.document", "city.residence"
CONTACT, OPINION, CERTIFICATE = "city.contact", "city.opinion", "city.certificate"
KINDS = (
    Kind(TELEPHONE, _("Telephone number missing"), "phone"),
    Kind(DOCUMENT, _("Document missing"), "id"),
    Kind(RESIDENCE, _("Residence to be confirmed"), "map-pin"),
    Kind(CONTACT, _("Emergency contact to be tried"), "phone"),
    Kind(OPINION, _("Opinion of a doctor"), "stethoscope"),
    Kind(CERTIFICATE, _("Own certificate to be renewed"), "certificate"),
)
_OPEN_FILE = _("Open the file")
_ROSTER = "高龄老人摸底表.xlsx"
_TRIED = 40  # persons looked through for doubts
_DOUBTS, _CONDITIONS, _PLANNED, _GAPS = 12, 6, 6, 12
_CONTACTS, _PAIRED, _CALLS, _OPINIONS = 4, 3, 8, 3
_GRANTED = timedelta(days=365)  # how long a volunteer and a doctor see those they are asked about
_TRANSFERS = (
    ("431202", "随子女到溆浦居住，户籍未迁。"),
    ("431223", "婚后随配偶到溆浦居住。"),
    ("431222", "投靠女儿，已在溆浦住满半年。"),
)
_SEEN = ("近来走路要人扶。", "上月摔过一次，起身困难。", "记不清日子，出门找不到家。", "吃饭常呛，要人喂。")


def open_duties(users: dict[str, User], *, today: date, by: Actor) -> None:
    """Open them all. `users` are the demonstration accounts by role."""
    clerk, visitor = users["county_clerk"], users["village_visitor"]
    county = _living(clerk.place_key)
    _raise_doubts(county, clerk, today)
    _send_transfers(clerk, by)
    _certify(users, by)
    for at, person in enumerate(county.filter(categories__category="destitute")[: _CONDITIONS + _PLANNED]):
        if at < _CONDITIONS:
            report_change_of_condition(person_uid=person.uid, note=_SEEN[at % len(_SEEN)], by=by)
        else:
            plan_assessment(
                person_uid=person.uid, instrument_key=assessment_rules.ABILITY, reason="regular", by=by,
                planned_on=today + timedelta(days=at - 8), assessor=users["assessor"],
            )  # fmt: skip
    _ask_for_gaps(visitor, users["township_clerk"], today, by)
    _ask_for_contacts(users, today, by)
    _ask_doctor(users["doctor"], county, today, by)
    for at, role in enumerate(("carer", "canteen_operator")):
        _ask_for_certificate(users[role], today + timedelta(days=12 + 9 * at), by)
    remind_of_licences(by=by, on=today)
    remind_of_certificates(by=by, on=today)
    escalate_due(by=by)


def _living(place_key: int) -> QuerySet[Person]:
    return Person.objects.filter(within(key_ranges([place_key]))).living().order_by("id")


def _raise_doubts(county: QuerySet[Person], clerk: User, today: date) -> None:
    """Rows of a roster without IDs: some resemble a file, not surely enough. Only those stay."""
    tried = list[Checked]()
    rows = [people_rules.check(_from_memory(person), today) for person in county[: _TRIED * 7 : 7]]
    while rows != tried:  # a row may resemble only another row of the same roster
        tried, rows = rows, _doubtful(rows, clerk, today)
    apply_entries(entries=rows[:_DOUBTS], by=clerk, source=_ROSTER, today=today)


def _doubtful(rows: list[Checked], clerk: User, today: date) -> list[Checked]:
    """Those that would be doubts. A rehearsal: whatever else they would do is taken back."""
    with transaction.atomic():
        outcomes = apply_entries(entries=rows, by=clerk, source=_ROSTER, today=today)
        transaction.set_rollback(True)
    return [row for row, outcome in zip(rows, outcomes, strict=True) if outcome.kind == "doubt"]


def _from_memory(person: Person) -> Entry:
    """A person as neighbours tell of them: a lunar birthday as if it were a civil one, or none but the address."""
    stated = Entry(name=person.name, place_key=person.place_key, sex=person.sex)
    if person.pk % 2 and person.birth_date is not None:
        return replace(stated, birth_date=person.birth_date - timedelta(days=29))
    return replace(stated, address=person.address())


def _send_transfers(clerk: User, by: Actor) -> None:
    """Persons on their way to the clerk's county, and one from it to the first county of the city."""
    villages = tree().children(tree().children(clerk.place_key)[0].key)
    for at, (county, note) in enumerate(_TRANSFERS):
        if person := _living(int(county) * 10**6).filter(household__isnull=True)[at : at + 1].first():
            send_transfer(uid=person.uid, to_key=villages[at % len(villages)].key, by=by, note=note)
    first = int(_TRANSFERS[0][0]) * 10**6
    if person := _living(clerk.place_key).filter(household__isnull=True).last():
        send_transfer(uid=person.uid, to_key=first, by=by, note="随儿子迁往市区居住。")


def _certify(users: dict[str, User], by: Actor) -> None:
    """Two certified assessors: a report needs both signatures."""
    for at, name in enumerate(("assessor", "assessor_two")):
        register_certificate(
            user_uid=users[name].uid, number=f"99P{at + 1:08d}", valid_from=date(2023, 3, 1),
            valid_to=date(2029, 3, 1), by=by,
        )  # fmt: skip


def _ask_for_gaps(visitor: User, clerk: User, today: date, by: Actor) -> None:
    village, township = _living(visitor.place_key), _living(clerk.place_key)
    telephone = Reason("Ask for a telephone number: the file holds none")
    for at, person in enumerate(village.filter(phone_index=b"")[:_GAPS]):
        _open(TELEPHONE, telephone, person, "village_visitor", today + timedelta(days=at - 2), by)
    confirm = Reason("Confirm where the person lives: the household is registered in another village")
    elsewhere = [p for p in township.exclude(registered_place_key=None)[:4000] if p.registered_place_key != p.place_key]
    for at, person in enumerate(elsewhere[:_GAPS]):
        _open(RESIDENCE, confirm, person, "township_clerk", today + timedelta(days=at - 3), by)
    document = Reason("Help to apply for a resident ID: the person has a temporary number only")
    for at, person in enumerate(township.filter(document_kind=people_rules.TEMPORARY)[:_GAPS]):
        _open(DOCUMENT, document, person, "township_clerk", today + timedelta(days=at + 1), by)


def _ask_for_contacts(users: dict[str, User], today: date, by: Actor) -> None:
    """Contacts nobody has ever called: of the visitor's village, a volunteer's few, of the lonely for the hotline."""
    village, township = _living(users["village_visitor"].place_key), _living(users["township_clerk"].place_key)
    county = _living(users["county_clerk"].place_key)
    title = Reason("Call the emergency contact once: nobody has tried the number since it was written down")
    visited = list(village[:_CONTACTS])
    for at, person in enumerate(visited):
        _open(CONTACT, title, person, "village_visitor", today + timedelta(days=at), by)
    volunteer, known = users["volunteer"], {person.pk for person in visited}
    for at, person in enumerate(township.exclude(pk__in=known)[:_PAIRED]):
        known.add(person.pk)
        _open_for(CONTACT, title, person, volunteer, "pairing", today + timedelta(days=1 + at), by)
    lonely = county.filter(categories__category="living_alone").exclude(pk__in=known)
    for at, person in enumerate(lonely[:_CALLS]):
        _open(CONTACT, title, person, "hotline_agent", today + timedelta(days=at - 1), by)


def _ask_doctor(doctor: User, county: QuerySet[Person], today: date, by: Actor) -> None:
    """The contracted doctor says what lies behind a change of ability that was reported."""
    title = Reason("Say whether the reported change of ability has a medical cause")
    for at, person in enumerate(county.filter(categories__category="destitute")[:_OPINIONS]):
        _open_for(OPINION, title, person, doctor, "contract", today + timedelta(days=2 + at), by)


def _ask_for_certificate(user: User, last_day: date, by: Actor) -> None:
    title = Reason("Your health certificate counts until {day}: bring the new one", day=last_day)
    open_item(
        kind=CERTIFICATE, subject=Subject("user", user.uid), title=title, place_key=user.place_key, by=by, user=user,
        due_at=start_of(last_day) + timedelta(hours=17), ladder_key="watch",
    )  # fmt: skip


def _open_for(kind: str, title: Reason, person: Person, user: User, ground: str, due: date, by: Actor) -> None:
    """A duty of one user who sees the person through a grant alone; done from the duty's own page."""
    until = start_of(due) + _GRANTED
    open_grant(person=person, grantee_uid=user.uid, ground=ground, until=until, by=by)
    open_item(
        kind=kind, subject=Subject("person", person.uid), title=title, place_key=person.place_key, by=by, user=user,
        due_at=start_of(due) + timedelta(hours=17),
    )  # fmt: skip


def _open(kind: str, title: Reason, person: Person, role: str, due: date, by: Actor) -> None:
    open_item(
        kind=kind, subject=Subject("person", person.uid), title=title, place_key=person.place_key, by=by, role=role,
        due_at=start_of(due) + timedelta(hours=17), next_step=NextStep(_OPEN_FILE, "people:person", (str(person.uid),)),
    )  # fmt: skip
