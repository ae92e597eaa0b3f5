"""Branches and their members."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from yinling.accounts.models import User
from yinling.institutions.services.admission import readable_number
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date
from yinling.kernel.crypto import seal
from yinling.kernel.errors import Refused
from yinling.kernel.uids import new_uid
from yinling.ledger.queries import balance_of
from yinling.organisations.models import Organisation
from yinling.people.models import Person
from yinling.places.queries import place_named
from yinling.volunteers.events import BranchChanged, MemberJoined
from yinling.volunteers.models import Branch, Group, Member
from yinling.volunteers.models.branches import member_where
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.services import accounts
from yinling.volunteers.services.receipts import leave_receipt


@transaction.atomic
def open_branch(
    *, name: str, place_key: int, by: Actor, coordinator: User | None = None, organisation_uid: UUID | None = None,
    opened_on: dt.date | None = None,
) -> Branch:  # fmt: skip
    """Open a village elders' association as a branch, with its pool."""
    require(by, Volunteers.ACCEPT, place_key)
    if place_named(place_key).level != "village":
        raise Refused("A branch belongs to a village. Choose a village.", field="place_key")
    if not name.strip():
        raise Refused("Enter the name of the branch.", field="name")
    if Branch.objects.filter(place_key=place_key, name=name.strip()).exists():
        raise Refused("{name} is a branch of this village already. Open it instead.", field="name", name=name.strip())
    organisation = Organisation.objects.visible_to(by).one(uid=organisation_uid) if organisation_uid else None
    made = Branch.objects.create(
        name=name.strip()[:60], place_key=place_key, coordinator=coordinator, organisation=organisation,
        opened_on=opened_on or civil_date(),
    )  # fmt: skip
    accounts.of_branch(made)
    record(BranchChanged(made.uid, what="opened"), by=by, place_key=place_key)
    return made


@transaction.atomic
def appoint(*, uid: object, username: str, by: Actor) -> Branch:
    """Make a user the coordinator of a branch; they need the role as well, which the security administrator gives."""
    branch = _branch(uid, by)
    user = User.objects.filter(username=username.strip(), is_active=True).first()
    if user is None:
        raise Refused("No user is called {name}. Ask the system administrator.", field="username", name=username)
    branch.coordinator = user
    branch.save(update_fields=["coordinator"])
    record(BranchChanged(branch.uid, what="coordinator"), by=by, place_key=branch.place_key)
    return branch


@transaction.atomic
def close_branch(*, uid: object, by: Actor) -> Branch:
    """Close a branch that has no members and an empty pool."""
    branch = _branch(uid, by)
    count = branch.members.present().count()
    if count or balance_of(accounts.of_branch(branch)):
        raise Refused(
            "The branch has {count} members, or hours in its pool. Have them move to another branch first.", count=count
        )
    branch.closed_on = civil_date()
    branch.save(update_fields=["closed_on"])
    record(BranchChanged(branch.uid, what="closed"), by=by, place_key=branch.place_key)
    return branch


@transaction.atomic
def add_group(*, uid: object, name: str, by: Actor) -> Group:
    """A group of volunteers."""
    branch = Branch.objects.visible_to(by, Volunteers.REGISTER).open().one(uid=uid)
    if not name.strip():
        raise Refused("Enter the name of the group.", field="name")
    made, is_new = Group.objects.get_or_create(branch=branch, name=name.strip()[:60])
    if is_new:
        record(BranchChanged(branch.uid, what="group"), by=by, place_key=branch.place_key)
    return made


@dataclass(frozen=True)
class Entrant:
    """Who joins: a person on file, or somebody with name, sex, birth date. `user`: their log-in."""

    person_uid: UUID | None = None
    name: str = ""
    sex: str = "0"
    birth_date: dt.date | None = None
    phone: str = ""
    user: User | None = None


@transaction.atomic
def add_member(*, branch_uid: object, entrant: Entrant, by: Actor) -> Member:
    """Enter a member, with an account. A person on file is a member once."""
    branch = Branch.objects.visible_to(by, Volunteers.REGISTER).open().one(uid=branch_uid)
    member = _entered(branch, entrant, _person(entrant, by))
    accounts.of_member(member)
    person_uid = str(member.person.uid) if member.person else ""
    event = MemberJoined(member.uid, branch_uid=str(branch.uid), person_uid=person_uid)
    record(event, by=by, place_key=branch.place_key, content={"name": member.name})
    leave_receipt(member, "join", by=by, about=branch.name)
    return member


def _person(entrant: Entrant, by: Actor) -> Person | None:
    if entrant.person_uid is None:
        return None
    person = Person.objects.visible_to(by).current().one(uid=entrant.person_uid)
    if person.life_status == Person.DEAD:
        raise Refused("A death is registered for this person. Choose another file.", field="person_uid")
    if Member.objects.filter(person=person).exists():
        raise Refused("This person is a member already. Search the members.", field="person_uid")
    return person


def _entered(branch: Branch, entrant: Entrant, person: Person | None) -> Member:
    name = person.name if person else entrant.name.strip()
    born = person.birth_date if person else entrant.birth_date
    if not name or born is None:
        raise Refused("Enter name and birth date, or choose a person on file.", field="name")
    uid = new_uid()
    try:
        with transaction.atomic():
            return Member.objects.create(
                uid=uid, number=readable_number("SJ", branch.place_key), branch=branch, place_key=branch.place_key,
                person=person, user=entrant.user, name=name[:60], sex=person.sex if person else entrant.sex,
                birth_date=born, phone_sealed=seal(entrant.phone.strip()[:30], member_where(uid)),
                joined_on=civil_date(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused("This log-in belongs to a member already. Search the members.", field="name") from None


def _branch(uid: object, by: Actor) -> Branch:
    return Branch.objects.visible_to(by, Volunteers.ACCEPT).open().select_for_update(no_key=True).one(uid=uid)
