"""Random days of several telephones against the real services and database: off and on line, crashes, wrong clocks,
visits that change hands, accounts that are closed, phones that are lost.

Always: what was acknowledged is in the database; nothing lies on a phone that its user might not hold when it was
last told. In the end: every phone that may still come holds exactly what its user may hold, and waits for nothing.
"""

import datetime as dt
import json
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from yinling.accounts.models import User
from yinling.accounts.services import deactivate
from yinling.care.models import Visit, Visitor
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.kernel.seals import seal_changes
from yinling.people.models import Person
from yinling.people.services import look
from yinling.sync import services
from yinling.sync.models import Command, Phone
from yinling.sync.services.telling import documents_of

from .builders import Telephone, a_person, a_visit_due, a_visiting_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city", "form_lists")]
BY = System("test")
WHICH = st.integers(0, 3)
CLOCKS = (0, 0, 5 * 3600 * 1000, -26 * 3600 * 1000)
FOUND = st.sampled_from(["normal", "watch"])


class Days(RuleBasedStateMachine):
    """Three users with four telephones (two of the first), five persons."""

    users: list[User]
    persons: list[Person]
    phones: list[Telephone]

    @initialize()
    def morning(self) -> None:
        self.point = transaction.atomic()
        self.point.__enter__()
        self.users = [a_visiting_user(name) for name in ("向春生", "唐小梅", "覃大山")]
        self.persons = [a_person(f"舒{name}") for name in "禾苗田土山"]
        owners = [self.users[0], self.users[0], self.users[1], self.users[2]]
        self.phones = [Telephone(user, clock).log_in() for user, clock in zip(owners, CLOCKS, strict=True)]
        self.allowed: list[set[str]] = [set() for _ in self.phones]
        self.orders: dict[str, dict[str, Any]] = {}

    def teardown(self) -> None:
        if not hasattr(self, "point"):
            return
        try:
            self._evening()
        finally:
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)

    def _mine(self, user: User) -> set[str]:
        if not User.objects.get(pk=user.pk).is_active:
            return set()
        week = civil_date() + dt.timedelta(days=7)
        mine = Visit.objects.filter(visitor__user=user)
        return {str(one.uid) for one in mine if one.state == "done" or (one.state == "due" and one.opens_on <= week)}

    @rule(user=st.integers(0, 2), person=st.integers(0, 4))
    def a_visit_falls_due(self, user: int, person: int) -> None:
        a_visit_due(self.users[user], self.persons[person])

    @rule(user=st.integers(0, 2), draw=st.randoms(use_true_random=False))
    def a_visit_changes_hands(self, user: int, draw: Any) -> None:
        due = list(Visit.objects.open().order_by("id"))
        if due:
            one = draw.choice(due)
            one.visitor = Visitor.objects.get(user=self.users[user])
            one.save(update_fields=["visitor"])
            self._changed()

    @rule(draw=st.randoms(use_true_random=False))
    def a_visit_is_called_off(self, draw: Any) -> None:
        due = list(Visit.objects.open().order_by("id"))
        if due:
            Visit.objects.filter(pk=draw.choice(due).pk).update(state=Visit.State.VOID, void_reason="不需要了")
            self._changed()

    def _changed(self) -> None:
        """Whatever writes leaves a change; these two rules write by hand, so they leave one by hand."""
        look(person=self.persons[0], items=("address",), by=BY, reason="test")

    @rule(which=WHICH, found=FOUND, draw=st.randoms(use_true_random=False))
    def a_visit_is_made_off_line(self, which: int, found: str, draw: Any) -> None:
        phone = self.phones[which]
        due = sorted(uid for (kind, uid), one in phone.documents.items() if kind == "visit" and one["s"] == "due")
        if due and not phone.is_wiped:
            self._noted(phone, phone.visits(draw.choice(due), found=found))

    @rule(which=WHICH)
    def help_is_called_for(self, which: int) -> None:
        if not self.phones[which].is_wiped:
            self._noted(self.phones[which], self.phones[which].keep("help", {}))

    def _noted(self, phone: Telephone, uid: str) -> None:
        self.orders[uid] = phone.queue[uid]

    @rule(which=WHICH, is_lost=st.booleans())
    def contact(self, which: int, is_lost: bool) -> None:
        phone = self.phones[which]
        if phone.is_wiped:
            return
        answer = phone.send(is_lost=is_lost)
        if not is_lost and answer.status_code == 200:
            self.allowed[which] = self._mine(phone.user)

    @rule(which=WHICH)
    def log_in_again(self, which: int) -> None:
        phone = self.phones[which]
        if not phone.is_wiped and User.objects.get(pk=phone.user.pk).is_active:
            phone.log_in()

    @rule()
    def the_sealer_runs(self) -> None:
        seal_changes()

    @rule(which=WHICH)
    @precondition(lambda self: Phone.objects.active().count() > 2)
    def a_phone_is_lost(self, which: int) -> None:
        services.lose_phone(uid=UUID(self.phones[which].uid), reason="丢在路上", by=BY)

    @rule()
    def an_account_is_closed(self) -> None:
        deactivate(user_uid=self.users[2].uid, by=BY)

    @invariant()
    def what_was_acknowledged_is_there(self) -> None:
        for phone in getattr(self, "phones", []):
            for uid, said in phone.acknowledged.items():
                assert Command.objects.get(uid=uid).outcome == said["outcome"]
                if said["outcome"] == "done" and self.orders[uid]["kind"] == "visit":
                    assert Visit.objects.get(uid=self.orders[uid]["payload"]["visit"]).state == "done"

    @invariant()
    def nothing_lies_on_a_phone_that_its_user_might_not_hold(self) -> None:
        for phone, allowed in zip(getattr(self, "phones", []), getattr(self, "allowed", []), strict=True):
            assert phone.held("visit") <= allowed
            theirs = {str(one.person.uid) for one in Visit.objects.filter(uid__in=allowed).select_related("person")}
            assert phone.held("person") <= theirs

    def _evening(self) -> None:
        """Everybody comes near twice; then all replicas agree with the platform."""
        for phone in self.phones:
            is_active = User.objects.get(pk=phone.user.pk).is_active
            for _time in range(2):
                if not phone.is_wiped:
                    if is_active:
                        phone.log_in()
                    if not phone.is_wiped:
                        phone.send()
        for phone in self.phones:
            if not phone.is_wiped:
                phone.send()
        for phone in self.phones:
            if phone.is_wiped:
                assert not phone.documents and not Phone.objects.get(uid=phone.uid).key()
                continue
            assert not phone.queue
            assert phone.held("visit") == self._mine(phone.user)
            fresh = documents_of(phone.user)
            wanted = {(kind, str(uid)): json.loads(json.dumps(one)) for (kind, uid), one in fresh.items()}
            assert phone.documents == wanted


def test_random_days_of_several_phones(city: Any, form_lists: None) -> None:
    run_state_machine_as_test(
        Days,
        settings=settings(
            max_examples=12, stateful_step_count=18, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
